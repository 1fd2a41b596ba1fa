import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, settle } from '../../runtime/manual-clock.test-support.js';
import { recordingLogger } from '../../runtime/recording.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import type { Turn } from '../contract/handling-context.js';
import type { Outcome } from '../processing/delivery-handler.js';
import { CarefulTurns } from './exclusive-gate.js';
import { keyed, laneWorker } from './lane-worker.test-support.js';

describe('CarefulTurns', () => {
  let clock: ManualClock;
  let restore: Disposable;

  beforeEach(() => {
    clock = new ManualClock();
    restore = configureEvents({ clock });
  });
  afterEach(() => restore[Symbol.dispose]());

  /** Lanes of one consumer whose events come to their ends when told, and what happens to them, in order. */
  function consumer(names: readonly string[], concurrency = 1) {
    const log: string[] = [];
    const ends = new Map<number, (outcome: Outcome) => void>();
    const rests = new Map<number, Turn['rest']>();
    const turns = new CarefulTurns(async ({ ordinal }, isBegun) => {
      log.push(`${isBegun ? 'count' : 'let off'} ${ordinal}`);
    });
    const lanes = names.map(
      (name) =>
        laneWorker({
          turns,
          concurrency,
          maxDeliveries: 10,
          keyOf: ({ ordinal }) => String(ordinal),
          handle: ({ ordinal }, { isSuspect, rest }) => {
            log.push(`${isSuspect ? 'suspect' : 'begin'} ${name}${ordinal}`);
            rests.set(ordinal, rest);
            return new Promise<Outcome>((resolve) => ends.set(ordinal, resolve));
          },
          acknowledge: async (ordinals) => void log.push(`ack ${ordinals.join(' ')}`),
        }).lane,
    );
    const push = (lane: number, ordinal: number, deliveryCount: number) =>
      lanes[lane]?.push([keyed('', ordinal, { deliveryCount })]);
    const end = async (...ordinals: readonly number[]) => {
      for (const ordinal of ordinals) {
        ends.get(ordinal)?.('handled');
        await settle();
      }
    };
    return { log, lanes, push, end, rests };
  }

  it('lets nothing begin beside one that may end the process, in any lane, and counts it before it begins', async () => {
    const { log, push, end } = consumer(['a', 'b', 'c']);
    push(0, 1, 1);
    push(1, 2, 3);
    push(2, 3, 1);
    await settle();
    expect(log).toEqual(['begin a1']);
    await end(1);
    expect(log.slice(1)).toEqual(['ack 1', 'count 2', 'begin b2']);
    push(0, 4, 1);
    await end(2);
    expect(log.slice(4, 5)).toEqual(['ack 2']);
    expect(log.slice(5).sort()).toEqual(['begin a4', 'begin c3']);
  });

  it('lets those that were delivered least go first, and the others in between', async () => {
    const { log, push, end } = consumer(['a', 'b', 'c']);
    push(2, 9, 1);
    await settle();
    push(0, 1, 7);
    push(1, 2, 4);
    push(2, 3, 1);
    await end(9);
    expect(log.slice(1).toSorted()).toEqual(['ack 9', 'begin b2', 'count 2']);
    await end(2);
    expect(log.slice(4)).toEqual(['ack 2', 'begin c3']);
    await end(3);
    expect(log.slice(6)).toEqual(['ack 3', 'count 1', 'begin a1']);
  });

  it('keeps the turn until the event is acknowledged', async () => {
    let acknowledged = () => {};
    const turns = new CarefulTurns(() => {});
    const acknowledge = () => new Promise<void>((resolve) => (acknowledged = resolve));
    const one = laneWorker({ turns, acknowledge });
    const other = laneWorker({ turns });
    one.lane.push([keyed('', 1, { deliveryCount: 3 })]);
    await settle();
    other.lane.push([keyed('', 2)]);
    await settle();
    expect([one.handled, other.handled]).toEqual([[1], []]);
    acknowledged();
    await settle();
    expect(other.handled).toEqual([2]);
  });

  it('gives a suspect up when nothing else is in hand, and counts nothing', async () => {
    const { log, push, end } = consumer(['a', 'b']);
    push(0, 1, 3);
    push(1, 2, 11);
    await settle();
    expect(log).toEqual(['count 1', 'begin a1']);
    await end(1);
    expect(log.slice(2)).toEqual(['ack 1', 'suspect b2']);
  });

  it('lets others begin while one rests, which is not blamed meanwhile', async () => {
    const { log, push, end, rests } = consumer(['a', 'b']);
    push(0, 1, 3);
    await settle();
    push(1, 2, 1);
    let wake = () => {};
    const rested = rests.get(1)?.(() => new Promise<void>((resolve) => (wake = resolve)));
    await settle();
    expect(log).toEqual(['count 1', 'begin a1', 'let off 1', 'begin b2']);
    wake();
    await settle();
    expect(log).toHaveLength(4);
    await end(2);
    await rested;
    expect(log.slice(4)).toEqual(['ack 2', 'count 1']);
  });

  it('waits half a minute for what others have in hand; what it is then handled beside, it is not counted with', async () => {
    const { log, push, end } = consumer(['a', 'b', 'c']);
    push(0, 1, 1);
    push(1, 2, 3);
    await clock.advance(29_999);
    expect(log).toEqual(['begin a1']);
    await clock.advance(1);
    expect(log).toEqual(['begin a1', 'begin b2']);
    push(1, 3, 3);
    await end(2);
    expect(log.slice(2)).toEqual(['ack 2', 'begin b3']); // waited for once
    push(2, 4, 3);
    await end(1, 3);
    expect(log.slice(4)).toEqual(['ack 1', 'ack 3', 'count 4', 'begin c4']);
  });

  it('lets others go on beside one that takes longer than five minutes, once there are some', async () => {
    const { log, push, end } = consumer(['a', 'b']);
    push(0, 1, 3);
    await clock.advance(400_000);
    expect(log).toEqual(['count 1', 'begin a1']);
    push(1, 2, 1);
    await settle();
    expect(log.slice(2)).toEqual(['let off 1', 'begin b2']);
    push(1, 3, 3);
    await end(2);
    expect(log.slice(4)).toEqual(['ack 2', 'begin b3']); // not alone, so not counted
  });

  it.each<[string, (lane: ReturnType<typeof laneWorker>['lane']) => void]>([
    ['has its turn', () => {}],
    ['waits for it', () => {}],
  ])('goes on with the others when a lane is taken away that %s', async (which) => {
    const { log, lanes, push, end } = consumer(['a', 'b', 'c']);
    push(0, 1, which === 'has its turn' ? 3 : 5);
    push(1, 2, which === 'has its turn' ? 5 : 3);
    await settle();
    push(2, 3, 1);
    lanes[0]?.abort();
    await settle();
    if (which === 'waits for it') await end(2);
    await end(3);
    expect(log).toContain('begin b2');
    expect(log).toContain('begin c3');
  });

  it('lets a lane drain while it waits for its turn', async () => {
    const { log, lanes, push } = consumer(['a', 'b']);
    push(0, 1, 3);
    await settle();
    push(1, 2, 3);
    await settle();
    await lanes[1]?.drain();
    expect(log).toEqual(['count 1', 'begin a1']);
  });

  it('tells of each that was alone when the process died', async () => {
    const logger = recordingLogger();
    using _ = configureEvents({ clock, logger });
    const { push, end } = consumer(['a', 'b']);
    push(0, 1, 3);
    await settle();
    await end(1);
    push(1, 2, 4);
    await settle();
    expect(logger.lines).toMatchObject([{ level: 'warn', facts: { position: '0:2', deliveryCount: 4 } }]);
  });

  it('goes on when it cannot be written down, and says so once', async () => {
    const logger = recordingLogger();
    using _ = configureEvents({ clock, logger });
    const turns = new CarefulTurns(() => Promise.reject(new Error('away')));
    const { lane, handled } = laneWorker({ turns });
    lane.push([keyed('', 1, { deliveryCount: 3 }), keyed('', 2, { deliveryCount: 3 })]);
    await settle();
    expect(handled).toEqual([1, 2]);
    expect(logger.lines).toHaveLength(1);
  });
});
