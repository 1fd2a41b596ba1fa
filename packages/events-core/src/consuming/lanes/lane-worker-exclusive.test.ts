import { describe, expect, it } from 'vitest';
import { systemClock } from '../../runtime/clock.js';
import { settle } from '../../runtime/manual-clock.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import type { Delivery } from '../contract/delivery.js';
import type { Outcome } from '../processing/delivery-handler.js';
import type { LaneWorkerOptions } from './lane-worker.js';
import { keyed, laneWorker, withTimeStandingStill } from './lane-worker.test-support.js';

/** Tells what begins, what ends and what is acknowledged, in order. */
function told(options: Partial<LaneWorkerOptions> = {}) {
  const log: string[] = [];
  const { lane } = laneWorker({
    concurrency: 10,
    ackEvery: 100,
    maxDeliveries: 10,
    handle: async ({ ordinal }, { isSuspect }): Promise<Outcome> => {
      log.push(isSuspect ? `suspect ${ordinal}` : `begin ${ordinal}`);
      await settle();
      log.push(`end ${ordinal}`);
      return isSuspect ? 'dead-lettered' : 'handled';
    },
    acknowledge: async (ordinals) => {
      log.push(`ack ${ordinals.join(' ')}`);
    },
    ...options,
  });
  return { lane, log };
}

const again = (deliveryCount: number, ...ordinals: readonly number[]): readonly Delivery[] =>
  ordinals.map((ordinal) => keyed(`key-${ordinal}`, ordinal, { deliveryCount }));

const settleAll = async () => {
  for (let turn = 0; turn < 20; turn += 1) await settle();
};

describe('LaneWorker with deliveries that come again and again', () => {
  withTimeStandingStill();

  it('handles those of the second delivery like others', async () => {
    const { lane, log } = told();
    lane.push(again(2, 1, 2));
    await settleAll();
    expect(log).toEqual(['begin 1', 'begin 2', 'end 1', 'end 2', 'ack 1 2']);
  });

  it('handles those of the third alone, and acknowledges each at once', async () => {
    const { lane, log } = told();
    lane.push([...again(3, 1, 2), ...again(1, 3, 4)]);
    await settleAll();
    expect(log.slice(0, 6)).toEqual(['begin 1', 'end 1', 'ack 1', 'begin 2', 'end 2', 'ack 2']);
    expect(log.slice(6)).toEqual(['begin 3', 'begin 4', 'end 3', 'end 4', 'ack 3 4']);
  });

  it('lets what is in hand finish before it begins with one of them', async () => {
    const { lane, log } = told();
    lane.push(again(1, 1, 2));
    lane.push(again(3, 3));
    await settleAll();
    expect(log).toEqual(['begin 1', 'begin 2', 'end 1', 'end 2', 'ack 1 2', 'begin 3', 'end 3', 'ack 3']);
  });

  it('is not stuck when they arrive while handled ones wait to be acknowledged', async () => {
    let elapsedMs = 0;
    using _settings = configureEvents({ clock: { ...systemClock, monotonic: () => elapsedMs } });
    const handled: number[] = [];
    const { lane, log } = told({
      handle: ({ ordinal }): Outcome => {
        elapsedMs += 15;
        handled.push(ordinal);
        return 'handled';
      },
    });
    lane.push(again(1, 1, 2, 3, 4));
    expect(handled).toEqual([1, 2]); // the process has its turn now
    lane.push(again(3, 5));
    await settleAll();
    expect(handled).toEqual([1, 2, 3, 4, 5]);
    expect(log.at(-1)).toBe('ack 5');
  });

  it('suspects each that was delivered more than maxDeliveries times', async () => {
    const { lane, log } = told();
    lane.push([...again(11, 1), ...again(10, 2), ...again(12, 3)]);
    await settleAll();
    const [one, two, three] = ['suspect 1', 'begin 2', 'suspect 3'];
    expect(log).toEqual([one, 'end 1', 'ack 1', two, 'end 2', 'ack 2', three, 'end 3', 'ack 3']);
  });

  it.each([
    [10, 10],
    [3, 3],
    [Number.POSITIVE_INFINITY, 1_000_000],
  ])('suspects none with maxDeliveries %d at delivery %d', async (maxDeliveries, deliveryCount) => {
    const { lane, log } = told({ maxDeliveries });
    lane.push(again(deliveryCount, 1));
    await settleAll();
    expect(log[0]).toBe('begin 1');
  });
});
