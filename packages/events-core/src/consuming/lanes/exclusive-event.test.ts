import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, settle } from '../../runtime/manual-clock.test-support.js';
import { recordingLogger } from '../../runtime/recording.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import type { HandlingContext } from '../types/handling-context.js';
import type { Outcome } from '../types/outcome.js';
import { exclusiveProcessing, keyed, laneWorker } from './lane-worker.test-support.js';

/** How long others wait in these tests. */
const TIMEOUT_MS = 60_000;

describe('ExclusiveEvent', () => {
  let clock: ManualClock;
  let logger: ReturnType<typeof recordingLogger>;
  let restore: Disposable;

  beforeEach(() => {
    clock = new ManualClock();
    logger = recordingLogger();
    restore = configureEvents({ clock, logger });
  });
  afterEach(() => restore[Symbol.dispose]());

  /** Lanes of one consumer whose events end when the test says so, and what happens to them, in order. */
  function consumer(names: readonly string[], concurrency = 1) {
    const log: string[] = [];
    const ends = new Map<number, (outcome: Outcome) => void>();
    const contexts = new Map<number, HandlingContext>();
    const exclusive = exclusiveProcessing({
      timeoutMs: TIMEOUT_MS,
      countExclusive: async (_, ordinal, isProcessing) => {
        log.push(`${isProcessing ? 'count' : 'uncount'} ${ordinal}`);
      },
    });
    const lanes = names.map(
      (name) =>
        laneWorker({
          exclusive,
          concurrency,
          maxDeliveries: 10,
          keyOf: ({ ordinal }) => String(ordinal),
          handle: ({ ordinal }, context) => {
            log.push(`${context.isCrashing ? 'dead-letter' : 'start'} ${name}${ordinal}`);
            contexts.set(ordinal, context);
            return new Promise<Outcome>((resolve) => ends.set(ordinal, resolve));
          },
          acknowledge: async (ordinals) => void log.push(`ack ${ordinals.join(' ')}`),
        }).lane,
    );
    const push = (lane: number, ordinal: number, deliveryCount: number) =>
      lanes[lane]?.push([keyed('', ordinal, { deliveryCount, position: `0:${ordinal}` })]);
    const end = async (...ordinals: readonly number[]) => {
      for (const ordinal of ordinals) {
        ends.get(ordinal)?.('handled');
        await settle();
      }
    };
    return { log, lanes, push, end, contexts, exclusive };
  }

  it('starts when nothing else is in flight in any lane, after its delivery was counted, and nothing starts beside it', async () => {
    const { log, push, end } = consumer(['a', 'b', 'c']);
    push(0, 1, 1);
    push(1, 2, 3);
    push(2, 3, 1);
    await settle();
    expect(log).toEqual(['start a1']);
    await end(1);
    expect(log.slice(1)).toEqual(['ack 1', 'count 2', 'start b2']);
    push(0, 4, 1);
    await end(2);
    expect(log.slice(4, 5)).toEqual(['ack 2']);
    expect(log.slice(5).sort()).toEqual(['start a4', 'start c3']);
  });

  it('waits for earlier ones in the order of their requests, whatever their counts, and ordinary events run in between', async () => {
    const { log, push, end } = consumer(['a', 'b', 'c']);
    push(2, 9, 1);
    await settle();
    push(0, 1, 7);
    push(1, 2, 4);
    push(2, 3, 1);
    await end(9);
    expect(log.slice(1).toSorted()).toEqual(['ack 9', 'count 1', 'start a1']);
    await end(1);
    expect(log.slice(4)).toEqual(['ack 1', 'start c3']);
    await end(3);
    expect(log.slice(6)).toEqual(['ack 3', 'count 2', 'start b2']);
  });

  it('keeps the gate until it is acknowledged', async () => {
    let acknowledged = () => {};
    const exclusive = exclusiveProcessing();
    const acknowledge = () => new Promise<void>((resolve) => (acknowledged = resolve));
    const one = laneWorker({ exclusive, acknowledge });
    const other = laneWorker({ exclusive });
    one.lane.push([keyed('', 1, { deliveryCount: 3 })]);
    await settle();
    other.lane.push([keyed('', 2)]);
    await settle();
    expect([one.handled, other.handled]).toEqual([[1], []]);
    acknowledged();
    await settle();
    expect(other.handled).toEqual([2]);
  });

  it('is dead-lettered under the gate and without a count when it exceeds maxDeliveries', async () => {
    const { log, push, end } = consumer(['a', 'b']);
    push(0, 1, 3);
    push(1, 2, 11);
    await settle();
    expect(log).toEqual(['count 1', 'start a1']);
    await end(1);
    expect(log.slice(2)).toEqual(['ack 1', 'dead-letter b2']);
  });

  it('leaves the gate and is not counted while it backs off, and the later events of its lane still wait', async () => {
    const { log, push, end, contexts } = consumer(['a', 'b'], 5);
    push(0, 1, 3);
    push(0, 3, 1);
    await settle();
    push(1, 2, 1);
    let wake = () => {};
    const backedOff = contexts.get(1)?.backOff(() => new Promise<void>((resolve) => (wake = resolve)));
    await settle();
    expect(log).toEqual(['count 1', 'start a1', 'uncount 1', 'start b2']);
    wake();
    await settle();
    expect(log).toHaveLength(4);
    await end(2);
    await backedOff;
    expect(log.slice(4)).toEqual(['ack 2', 'count 1']);
    await end(1);
    expect(log.slice(6)).toEqual(['ack 1', 'start a3']);
  });

  it('goes on concurrently and uncounted after exclusiveTimeoutMs, and health and one warning report it', async () => {
    const { log, push, end, exclusive } = consumer(['a', 'b'], 5);
    push(0, 1, 3);
    push(0, 2, 1);
    push(1, 3, 1);
    await clock.advance(TIMEOUT_MS - 1);
    expect(log).toEqual(['count 1', 'start a1']);
    expect(exclusive.reasons).toEqual([expect.stringMatching(/^a at 0:1: .*the other lanes wait/)]);
    await clock.advance(1);
    expect(log.slice(2).sort()).toEqual(['start a2', 'start b3', 'uncount 1']);
    expect(exclusive.reasons).toEqual([expect.stringMatching(/^a at 0:1: .*exclusiveTimeoutMs/)]);
    expect(logger.lines).toMatchObject([{ level: 'warn', facts: { position: '0:1' } }]);
    await end(2, 1);
    expect(log.slice(5)).toEqual(['ack 1 2']);
    expect(exclusive.reasons).toEqual([]);
  });

  it('starts concurrently and uncounted when the events of other lanes are in flight for exclusiveTimeoutMs', async () => {
    const { log, push, end } = consumer(['a', 'b', 'c']);
    push(0, 1, 1);
    push(1, 2, 3);
    await clock.advance(TIMEOUT_MS - 1);
    push(2, 3, 1);
    expect(log).toEqual(['start a1']);
    await clock.advance(1);
    expect(log.slice(1).sort()).toEqual(['start b2', 'start c3']);
    push(1, 4, 3);
    await end(2);
    expect(log.slice(3)).toEqual(['ack 2', 'start b4']); // a1 was waited for once
    push(2, 5, 3);
    await end(3, 1);
    expect(log.slice(5)).toEqual(['ack 3', 'start c5', 'ack 1']);
    push(0, 6, 3);
    await end(4, 5);
    expect(log.slice(-2)).toEqual(['count 6', 'start a6']);
  });

  it('is an ordinary event when an earlier one of its lane is unfinished after exclusiveTimeoutMs', async () => {
    const { log, push, end } = consumer(['a'], 5);
    push(0, 1, 1);
    push(0, 2, 3);
    push(0, 3, 1);
    await clock.advance(TIMEOUT_MS - 1);
    expect(log).toEqual(['start a1']);
    await clock.advance(1);
    expect(log.slice(1)).toEqual(['start a2', 'start a3']);
    await end(3, 2, 1);
    expect(log.slice(3)).toEqual(['ack 1 2', 'ack 3']);
  });

  it('is an ordinary event when it backs off for longer than exclusiveTimeoutMs', async () => {
    const { log, push, end, contexts } = consumer(['a'], 5);
    push(0, 1, 3);
    push(0, 2, 1);
    await settle();
    const backedOff = contexts.get(1)?.backOff(() => clock.sleep(TIMEOUT_MS + 1));
    await clock.advance(TIMEOUT_MS);
    expect(log).toEqual(['count 1', 'start a1', 'uncount 1', 'start a2']);
    await clock.advance(1);
    await backedOff;
    await end(1, 2);
    expect(log.slice(4)).toEqual(['ack 1 2']);
  });

  it('is not charged with the time that earlier requests take', async () => {
    const { log, push, end } = consumer(['a', 'b']);
    push(0, 1, 3);
    push(1, 2, 3);
    await clock.advance(TIMEOUT_MS - 1);
    await end(1);
    await clock.advance(TIMEOUT_MS - 1);
    expect(log).toEqual(['count 1', 'start a1', 'ack 1', 'count 2', 'start b2']);
  });

  it.each(['holds the gate', 'waits for it'])(
    'lets the other lanes continue when its lane is lost while it %s',
    async (which) => {
      const { log, lanes, push, end } = consumer(['a', 'b', 'c']);
      const holder = which === 'holds the gate' ? 0 : 1;
      push(holder, holder + 1, 3);
      push(1 - holder, 2 - holder, 3);
      await settle();
      push(2, 3, 1);
      lanes[0]?.abort();
      await settle();
      if (holder === 1) await end(2);
      await end(3);
      expect(log).toContain('start b2');
      expect(log).toContain('start c3');
    },
  );

  it('waits for no receiver of a lane that is lost', async () => {
    const { log, lanes, push } = consumer(['a', 'b']);
    push(0, 1, 1);
    push(1, 2, 3);
    await settle();
    lanes[0]?.abort();
    await settle();
    expect(log).toEqual(['start a1', 'count 2', 'start b2']);
  });

  it('is abandoned when its lane drains while it waits for the gate', async () => {
    const { log, lanes, push } = consumer(['a', 'b']);
    push(0, 1, 3);
    await settle();
    push(1, 2, 3);
    await settle();
    await lanes[1]?.drain();
    expect(log).toEqual(['count 1', 'start a1']);
  });

  it('leaves the gate when it cannot be acknowledged', async () => {
    const exclusive = exclusiveProcessing();
    const failing = laneWorker({ exclusive, acknowledge: () => Promise.reject(new Error('broken')) });
    const other = laneWorker({ exclusive });
    failing.lane.push([keyed('', 1, { deliveryCount: 3 })]);
    await settle();
    other.lane.push([keyed('', 2)]);
    await settle();
    expect([failing.onFatal.mock.calls.length, other.handled]).toEqual([1, [2]]);
  });

  it('is logged from the fourth delivery on, because it was the only one in flight when the process died', async () => {
    const { push, end } = consumer(['a', 'b']);
    push(0, 1, 3);
    await settle();
    await end(1);
    push(1, 2, 4);
    await settle();
    expect(logger.lines).toMatchObject([{ level: 'warn', facts: { position: '0:2', deliveryCount: 4 } }]);
  });

  it('is processed even if its delivery cannot be counted, which is logged once', async () => {
    const exclusive = exclusiveProcessing({
      countExclusive: () => Promise.reject(new Error('unreachable')),
    });
    const { lane, handled } = laneWorker({ exclusive });
    lane.push([keyed('', 1, { deliveryCount: 3 }), keyed('', 2, { deliveryCount: 3 })]);
    await settle();
    expect(handled).toEqual([1, 2]);
    expect(logger.lines).toHaveLength(1);
  });
});
