import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { deferred } from '../../runtime/deferred.js';
import { ManualClock, settle } from '../../runtime/manual-clock.test-support.js';
import { configureEvents, runtime } from '../../runtime/runtime.js';
import type { Delivery } from '../types/delivery.js';
import type { HandlingContext } from '../types/handling-context.js';
import type { Outcome } from '../types/outcome.js';
import { deliveries, keyed, laneWorker, withTimeStandingStill } from './lane-worker.test-support.js';

/** Handles each delivery until the test ends it. */
function gates() {
  const gateOf = new Map<number, ReturnType<typeof deferred<Outcome>>>();
  const started: number[] = [];
  return {
    started,
    handle: ({ ordinal }: Delivery) => {
      started.push(ordinal);
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
  withTimeStandingStill();

  it('handles different keys at once, up to the limit, and those of one key one after another', async () => {
    const { handle, started, end } = gates();
    const { lane } = laneWorker({ concurrency: 2, handle });
    lane.push([keyed('a', 1), keyed('a', 2), keyed('b', 3), keyed('c', 4)]);
    expect(started).toEqual([1, 3]);
    await end(3);
    expect(started).toEqual([1, 3, 4]);
    await end(4);
    expect(started).toEqual([1, 3, 4]);
    await end(1);
    expect(started).toEqual([1, 3, 4, 2]);
  });

  it('keeps the order of those without a key', async () => {
    const { handle, started, end } = gates();
    const { lane } = laneWorker({ concurrency: 5, handle });
    lane.push(deliveries(1, 2));
    expect(started).toEqual([1]);
    await end(1);
    expect(started).toEqual([1, 2]);
  });

  it('acknowledges nothing that lies behind an unfinished one', async () => {
    const { handle, end } = gates();
    const { lane, acknowledged } = laneWorker({ concurrency: 4, ackEvery: 100, handle });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('c', 3), keyed('d', 4)]);
    await end(2, 4);
    expect(acknowledged).toEqual([]);
    expect([lane.waiting, lane.unacknowledged]).toEqual([0, 2]);
    await end(1);
    await end(3);
    expect(acknowledged).toEqual([[1, 2, 3, 4]]);
    expect([lane.waiting, lane.unacknowledged]).toEqual([0, 0]);
  });

  it('goes on with other keys while a slow one is in flight, whatever ackEvery is', async () => {
    const { handle, started, end } = gates();
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
    expect(started).toEqual([1, 2, 3, 4, 5]);
  });

  it('starts nothing more while ackEvery handled ones wait to be acknowledged', async () => {
    const acknowledging = deferred();
    const { lane, handled } = laneWorker({ ackEvery: 3, acknowledge: () => acknowledging.promise });
    lane.push(deliveries(1, 2, 3, 4, 5, 6, 7));
    await settle();
    expect(handled).toEqual([1, 2, 3]);
    acknowledging.resolve();
    await settle();
    expect(handled).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('starts others while one backs off, and never more than the limit when it returns', async () => {
    const { handle, started, end } = gates();
    const waited = deferred();
    const awake: number[] = [];
    const { lane, acknowledged } = laneWorker({
      concurrency: 1,
      ackEvery: 100,
      handle: (delivery: Delivery, context: HandlingContext) => {
        if (delivery.ordinal !== 2) return handle(delivery);
        return context
          .backOff(() => waited.promise)
          .then((): Outcome => {
            awake.push(2);
            return 'handled';
          });
      },
    });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('c', 3), keyed('d', 4)]);
    await end(1);
    expect([started, acknowledged]).toEqual([[1, 3], [[1]]]);
    waited.resolve();
    await settle();
    expect(awake).toEqual([]);
    await end(3);
    expect([awake, started]).toEqual([[2], [1, 3, 4]]);
    await end(4);
    expect(acknowledged).toEqual([[1], [2, 3, 4]]);
  });

  it('counts those that backOff among those that wait, so that memory stays bounded', async () => {
    const { lane } = laneWorker({
      concurrency: 1,
      handle: (_, context) => context.backOff(() => new Promise(() => {})).then((): Outcome => 'handled'),
    });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('c', 3)]);
    await settle();
    expect(lane.waiting).toBe(3);
  });

  it('lets many backOff without a warning of too many listeners', async () => {
    using _settings = configureEvents({ clock: new ManualClock() });
    const warned = vi.fn();
    process.on('warning', warned);
    const { lane } = laneWorker({
      handle: (_, { backOff, waitSignal }) =>
        backOff(() => runtime().clock.sleep(1_000, waitSignal)).then((): Outcome => 'abandoned'),
    });
    lane.push(Array.from({ length: 30 }, (_, index) => keyed(`key-${index}`, index)));
    await settle();
    await lane.drain();
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it('drains: finishes all that is in flight and acknowledges what is contiguous', async () => {
    const { handle, started, end } = gates();
    const { lane, acknowledged } = laneWorker({ concurrency: 2, ackEvery: 100, handle });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('c', 3)]);
    const drained = lane.drain();
    await end(2);
    expect(acknowledged).toEqual([]);
    await end(1);
    await drained;
    expect([started, acknowledged]).toEqual([[1, 2], [[1, 2]]]);
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
    'acknowledges nothing behind one that was abandoned before it started: %s',
    async (how) => {
      const { handle, started, end } = gates();
      const abandoned = deferred<Outcome>();
      const { lane, acknowledged } = laneWorker({
        concurrency: 3,
        ackEvery: 100,
        handle: (delivery) => (delivery.ordinal === 5 ? abandoned.promise : handle(delivery)),
      });
      lane.push([keyed('a', 1), keyed('b', 2), keyed('b', 3), keyed('c', 4)]);
      await end(1);
      lane.push([keyed('d', 5)]);
      expect(started).toEqual([1, 2, 4]);
      if (how === 'drained') void lane.drain();
      abandoned.resolve('abandoned');
      await settle();
      await end(2, 4);
      expect(acknowledged.flat()).toEqual([1, 2]);
      expect(started).toEqual([1, 2, 4]);
    },
  );

  it('ends waits when it is drained, and leaves what comes after them unacknowledged', async () => {
    const clock = new ManualClock();
    using _settings = configureEvents({ clock });
    const { lane, acknowledged } = laneWorker({
      concurrency: 2,
      ackEvery: 100,
      handle: ({ ordinal }, { backOff, waitSignal }) => {
        if (ordinal !== 2) return 'handled';
        return backOff(() => clock.sleep(1_000, waitSignal)).then((): Outcome => 'abandoned');
      },
    });
    lane.push([keyed('a', 1), keyed('b', 2), keyed('c', 3)]);
    await lane.drain();
    expect(acknowledged).toEqual([[1]]);
    expect(clock.pending).toEqual([]);
  });

  it('returns what is finished behind an event that backs off, once, when it is drained', async () => {
    const stopping = new AbortController();
    const { lane, acknowledged } = laneWorker({
      concurrency: 3,
      ackEvery: 100,
      stopSignal: stopping.signal,
      handle: async ({ ordinal }, { backOff, waitSignal }) => {
        if (ordinal !== 2 && ordinal !== 4) return 'handled';
        await backOff(() => once(waitSignal, 'abort').then(() => {}));
        return 'abandoned';
      },
    });
    lane.push([1, 2, 3, 4, 5, 6].map((ordinal) => keyed(`key-${ordinal}`, ordinal)));
    await settle();
    stopping.abort();
    await settle(); // the waits end before the lane is drained
    await lane.drain();
    expect([acknowledged, lane.takeFinishedAhead()]).toEqual([[[1]], [3, 5, 6]]);
    expect(lane.takeFinishedAhead()).toEqual([]);
  });

  it('returns nothing as finished once it was aborted', async () => {
    const { handle, end } = gates();
    const { lane } = laneWorker({ concurrency: 2, ackEvery: 100, handle });
    lane.push([keyed('a', 1), keyed('b', 2)]);
    await end(2);
    lane.abort();
    expect(lane.takeFinishedAhead()).toEqual([]);
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
