import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../runtime/clock.js';
import { deferred } from '../runtime/deferred.js';
import { ManualClock, settle } from '../runtime/manual-clock.test-support.js';
import { configureEvents, settings } from '../runtime/settings.js';
import type { Delivery } from './delivery.js';
import type { Outcome } from './delivery-handler.js';
import { deliveries, keyed, laneWorker } from './lane-worker.test-support.js';
import type { Turn } from './turn.js';

/** Handles each delivery until the test ends it. */
function gates() {
  const gateOf = new Map<number, ReturnType<typeof deferred<Outcome>>>();
  const begun: number[] = [];
  return {
    begun,
    handle: ({ ordinal }: Delivery) => {
      begun.push(ordinal);
      const gate = deferred<Outcome>();
      gateOf.set(ordinal, gate);
      return gate.promise;
    },
    end: async (...ordinals: readonly number[]) => {
      for (const ordinal of ordinals) gateOf.get(ordinal)?.resolve('handled');
      await settle();
    },
  };
}

describe('LaneWorker with concurrency', () => {
  it('handles different keys at once, up to the limit, and those of one key one after another', async () => {
    const { handle, begun, end } = gates();
    const { lane } = laneWorker({ concurrency: 2, handle });
    lane.push([keyed('a', 1), keyed('a', 2), keyed('b', 3), keyed('c', 4)]);
    expect(begun).toEqual([1, 3]);
    await end(3);
    expect(begun).toEqual([1, 3, 4]);
    await end(4);
    expect(begun).toEqual([1, 3, 4]);
    await end(1);
    expect(begun).toEqual([1, 3, 4, 2]);
  });

  it('keeps the order of those without a key', async () => {
    const { handle, begun, end } = gates();
    const { lane } = laneWorker({ concurrency: 5, handle });
    lane.push(deliveries(1, 2));
    expect(begun).toEqual([1]);
    await end(1);
    expect(begun).toEqual([1, 2]);
  });

  it('acknowledges nothing that lies behind an unfinished one', async () => {
    const { handle, end } = gates();
    const { lane, acknowledged } = laneWorker({ concurrency: 4, ackEvery: 100, handle });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('c', 3), keyed('d', 4)]);
    await end(2, 4);
    expect(acknowledged).toEqual([]);
    expect(lane.size).toBe(2);
    await end(1);
    await end(3);
    expect(acknowledged).toEqual([[1, 2, 3, 4]]);
    expect(lane.size).toBe(0);
  });

  it('goes on with other keys while a slow one is in hand, whatever ackEvery is', async () => {
    const { handle, begun, end } = gates();
    const acknowledging = deferred();
    const { lane, acknowledged } = laneWorker({
      concurrency: 3,
      ackEvery: 1,
      handle,
      acknowledge: async (ordinals) => {
        acknowledged.push(ordinals);
        await acknowledging.promise;
      },
    });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('slow', 3), keyed('c', 4), keyed('d', 5)]);
    await end(1);
    await end(2);
    acknowledging.resolve();
    await settle();
    expect(acknowledged).toEqual([[1], [2]]);
    expect(begun).toEqual([1, 2, 3, 4, 5]);
  });

  it('begins nothing more while ackEvery handled ones wait to be acknowledged', async () => {
    const acknowledging = deferred();
    const { lane, handled } = laneWorker({ ackEvery: 3, acknowledge: () => acknowledging.promise });
    lane.push(deliveries(1, 2, 3, 4, 5, 6, 7));
    await settle();
    expect(handled).toEqual([1, 2, 3]);
    acknowledging.resolve();
    await settle();
    expect(handled).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('lets others begin while one rests, and never more than the limit when it wakes', async () => {
    const { handle, begun, end } = gates();
    const rest = deferred();
    const awake: number[] = [];
    const { lane, acknowledged } = laneWorker({
      concurrency: 1,
      ackEvery: 100,
      handle: (delivery: Delivery, turn: Turn) => {
        if (delivery.ordinal !== 2) return handle(delivery);
        return turn
          .rest(() => rest.promise)
          .then((): Outcome => {
            awake.push(2);
            return 'handled';
          });
      },
    });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('c', 3), keyed('d', 4)]);
    await end(1);
    expect([begun, acknowledged]).toEqual([[1, 3], [[1]]]);
    rest.resolve();
    await settle();
    expect(awake).toEqual([]);
    await end(3);
    expect([awake, begun]).toEqual([[2], [1, 3, 4]]);
    await end(4);
    expect(acknowledged).toEqual([[1], [2, 3, 4]]);
  });

  it('counts those that rest among those that wait, so that memory stays bounded', async () => {
    const { lane } = laneWorker({
      concurrency: 1,
      handle: (_, turn) => turn.rest(() => new Promise(() => {})).then((): Outcome => 'handled'),
    });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('c', 3)]);
    await settle();
    expect(lane.size).toBe(3);
  });

  it('lets many rest without a warning of too many listeners', async () => {
    using _settings = configureEvents({ clock: new ManualClock() });
    const warned = vi.fn();
    process.on('warning', warned);
    const { lane } = laneWorker({
      handle: (_, { rest, waitSignal }) =>
        rest(() => settings().clock.sleep(1_000, waitSignal)).then((): Outcome => 'abandoned'),
    });
    lane.push(Array.from({ length: 30 }, (_, index) => keyed(`key-${index}`, index)));
    await settle();
    await lane.drain();
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it('drains: finishes all it has in hand and acknowledges what is contiguous', async () => {
    const { handle, begun, end } = gates();
    const { lane, acknowledged } = laneWorker({ concurrency: 2, ackEvery: 100, handle });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('c', 3)]);
    const drained = lane.drain();
    await end(2);
    expect(acknowledged).toEqual([]);
    await end(1);
    await drained;
    expect([begun, acknowledged]).toEqual([[1, 2], [[1, 2]]]);
  });

  it('acknowledges what finishes while it drains at once: the others may never finish', async () => {
    const { handle, end } = gates();
    const { lane, acknowledged } = laneWorker({ concurrency: 3, ackEvery: 100, handle });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('stuck', 3)]);
    void lane.drain();
    await end(1);
    await end(2);
    expect(acknowledged).toEqual([[1], [2]]);
  });

  it.each(['drained', 'abandoned'])(
    'acknowledges nothing behind one that was let go before it began: %s',
    async (how) => {
      const { handle, begun, end } = gates();
      const abandoned = deferred<Outcome>();
      const { lane, acknowledged } = laneWorker({
        concurrency: 3,
        ackEvery: 100,
        handle: (delivery) => (delivery.ordinal === 5 ? abandoned.promise : handle(delivery)),
      });
      lane.push([keyed('a', 1), keyed('b', 2), keyed('b', 3), keyed('c', 4)]);
      await end(1);
      lane.push([keyed('d', 5)]);
      expect(begun).toEqual([1, 2, 4]);
      if (how === 'drained') void lane.drain();
      abandoned.resolve('abandoned');
      await settle();
      await end(2, 4);
      expect(acknowledged.flat()).toEqual([1, 2]);
      expect(begun).toEqual([1, 2, 4]);
    },
  );

  it('gives up waits when it is drained, and leaves what comes after them unacknowledged', async () => {
    const clock = new ManualClock();
    using _settings = configureEvents({ clock });
    const { lane, acknowledged } = laneWorker({
      concurrency: 2,
      ackEvery: 100,
      handle: ({ ordinal }, { rest, waitSignal }) => {
        if (ordinal !== 2) return 'handled';
        return rest(() => clock.sleep(1_000, waitSignal)).then((): Outcome => 'abandoned');
      },
    });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('c', 3)]);
    await lane.drain();
    expect(acknowledged).toEqual([[1]]);
    expect(clock.pending).toEqual([]);
  });

  it('acknowledges nothing more once aborted, whoever finishes then', async () => {
    const { handle, end } = gates();
    const { lane, acknowledged } = laneWorker({ concurrency: 3, ackEvery: 1, handle });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('c', 3)]);
    await end(1);
    lane.abort();
    await end(2, 3);
    expect(acknowledged).toEqual([[1]]);
    expect(lane.isAborted).toBe(true);
  });

  it('acknowledges up to the one that must end the consumer, and not what finished behind it', async () => {
    const { handle, end } = gates();
    const failing = deferred<Outcome>();
    const { lane, acknowledged, onFatal } = laneWorker({
      concurrency: 3,
      ackEvery: 100,
      handle: (delivery) => (delivery.ordinal === 2 ? failing.promise : handle(delivery)),
    });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('c', 3), keyed('d', 4)]);
    await end(3);
    failing.reject(new Error('broken'));
    await settle();
    await end(1, 4);
    expect(acknowledged).toEqual([[1]]);
    expect(onFatal).toHaveBeenCalledOnce();
  });
});

describe('LaneWorker whatever happens', () => {
  const events = fc.array(
    fc.record({
      key: fc.constantFrom('', 'a', 'b', 'c', 'd'),
      /** Turns of the event loop that it takes, before and after it rests. */
      turns: fc.nat(3),
      rests: fc.boolean(),
      outcome: fc.constantFrom<Outcome>('handled', 'skipped', 'dead-lettered', 'dropped'),
      deliveryCount: fc.constantFrom(1, 1, 1, 2, 3, 9),
    }),
    { maxLength: 40 },
  );

  it('keeps the order of each key and the limit, acknowledges each once and only what is finished, however it ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 5 }),
        fc.option(fc.record({ after: fc.nat(15), how: fc.constantFrom('drain', 'abort', 'throw') })),
        async (all, concurrency, ackEvery, batches, end) => {
          let isBroken = false;
          const begun: number[] = [];
          const finished = new Set<number>();
          const inHand = new Set<number>();
          const acknowledged: number[] = [];
          const broken: string[] = [];
          const { lane, onFatal } = laneWorker({
            concurrency,
            ackEvery,
            handle: async ({ ordinal }, { rest }) => {
              const { turns, rests, outcome, key } = all[ordinal] as (typeof all)[number];
              begun.push(ordinal);
              for (const other of begun)
                if (other !== ordinal && all[other]?.key === key && !finished.has(other))
                  broken.push('order');
              inHand.add(ordinal);
              const work = async () => {
                for (let turn = 0; turn < turns; turn += 1) {
                  if (inHand.size > concurrency) broken.push('limit');
                  await nextTurn();
                }
              };
              await work();
              inHand.delete(ordinal);
              if (rests) {
                await rest(() => nextTurn());
                inHand.add(ordinal);
                await work();
                inHand.delete(ordinal);
              }
              if (isBroken) throw new Error('broken');
              finished.add(ordinal);
              return outcome;
            },
            acknowledge: async (ordinals) => {
              if (ordinals.length > ackEvery) broken.push('ackEvery');
              if (ordinals.some((ordinal) => !finished.has(ordinal))) broken.push('unfinished');
              acknowledged.push(...ordinals);
              await nextTurn();
            },
          });
          const waiting = all.map(({ key, deliveryCount }, ordinal) =>
            keyed(key, ordinal, { deliveryCount }),
          );
          for (const size of batches) {
            lane.push(waiting.splice(0, size));
            await nextTurn();
          }
          lane.push(waiting);
          for (let turn = 0; turn < (end?.after ?? 2_000); turn += 1) {
            if (acknowledged.length === all.length) break;
            await nextTurn();
          }
          if (end?.how === 'drain') await lane.drain();
          if (end?.how === 'abort') lane.abort();
          isBroken = end?.how === 'throw';
          for (let turn = 0; turn < 60 && end !== null; turn += 1) await nextTurn();
          const isOver = end === null || acknowledged.length === all.length;
          expect(broken).toEqual([]);
          expect(acknowledged).toEqual(all.map((_, ordinal) => ordinal).slice(0, acknowledged.length));
          if (isOver) expect(acknowledged).toHaveLength(all.length);
          for (const name of new Set(all.map(({ key }) => key))) {
            const ofKey = begun.filter((ordinal) => all[ordinal]?.key === name);
            expect(ofKey).toEqual(ofKey.toSorted((a, b) => a - b));
          }
          if (end === null) expect([lane.size, onFatal.mock.calls]).toEqual([0, []]);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the pause of a lane', () => {
  let elapsedMs = 0;
  const clock = { ...systemClock, monotonic: () => elapsedMs };

  it.each<[string, () => Outcome | Promise<Outcome>]>([
    ['sync receivers', () => 'handled'],
    ['receivers that wait for nothing that takes time', async (): Promise<Outcome> => 'handled'],
  ])('gives the process its turn every 20 ms while 1,000 %s take 1 ms each', async (_, outcome) => {
    using _settings = configureEvents({ clock });
    const over = deferred();
    const handledBefore: number[] = [];
    let handled = 0;
    const { lane } = laneWorker({
      ackEvery: 100,
      handle: () => {
        elapsedMs += 1;
        handled += 1;
        if (handled === 1_000) over.resolve();
        return outcome();
      },
    });
    lane.push(deliveries(...Array.from({ length: 1_000 }, (_, index) => index)));
    for (; handled < 1_000; await nextTurn()) handledBefore.push(handled);
    await over.promise;
    const atOnce = handledBefore.map((count, turn) => count - (handledBefore[turn - 1] ?? 0));
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(20);
  });

  it('lets nothing begin in between, and takes nothing away from what is drained meanwhile', async () => {
    using _settings = configureEvents({ clock });
    const { lane, handled, acknowledged } = laneWorker({
      ackEvery: 100,
      handle: ({ ordinal }) => {
        elapsedMs += 20;
        handled.push(ordinal);
        return 'handled';
      },
    });
    lane.push(deliveries(1, 2));
    expect(handled).toEqual([1]);
    lane.push(deliveries(3));
    expect(handled).toEqual([1]);
    await lane.drain();
    await nextTurn();
    expect([handled, acknowledged]).toEqual([[1], [[1]]]);
  });
});

/** Lets everything else in the process go on. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
