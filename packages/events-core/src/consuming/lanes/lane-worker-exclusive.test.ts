import { describe, expect, it } from 'vitest';
import { systemClock } from '../../runtime/clock.js';
import { settle } from '../../runtime/manual-clock.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import type { Delivery } from '../types/delivery.js';
import type { Outcome } from '../types/outcome.js';
import {
  keyed,
  laneWorker,
  type TestWorkerOptions,
  withTimeStandingStill,
} from './lane-worker.test-support.js';

/** Logs what starts, what ends and what is acknowledged, in order. */
function logged(options: Partial<TestWorkerOptions> = {}) {
  const log: string[] = [];
  const { lane } = laneWorker({
    concurrency: 10,
    ackEvery: 100,
    maxDeliveries: 10,
    handle: async ({ ordinal }, { isCrashing }): Promise<Outcome> => {
      log.push(isCrashing ? `dead-letter ${ordinal}` : `start ${ordinal}`);
      await settle();
      log.push(`end ${ordinal}`);
      return isCrashing ? 'dead-lettered' : 'handled';
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

describe('LaneWorker with exclusive events', () => {
  withTimeStandingStill();

  it('processes second deliveries concurrently', async () => {
    const { lane, log } = logged();
    lane.push(again(2, 1, 2));
    await settleAll();
    expect(log).toEqual(['start 1', 'start 2', 'end 1', 'end 2', 'ack 1 2']);
  });

  it('processes third deliveries one by one, and acknowledges each at once', async () => {
    const { lane, log } = logged();
    lane.push([...again(3, 1, 2), ...again(1, 3, 4)]);
    await settleAll();
    expect(log.slice(0, 6)).toEqual(['start 1', 'end 1', 'ack 1', 'start 2', 'end 2', 'ack 2']);
    expect(log.slice(6)).toEqual(['start 3', 'start 4', 'end 3', 'end 4', 'ack 3 4']);
  });

  it('finishes and acknowledges all earlier events before it starts an exclusive one', async () => {
    const { lane, log } = logged();
    lane.push(again(1, 1, 2));
    lane.push(again(3, 3));
    await settleAll();
    expect(log).toEqual(['start 1', 'start 2', 'end 1', 'end 2', 'ack 1 2', 'start 3', 'end 3', 'ack 3']);
  });

  it('does not get stuck when one arrives while handled events wait to be acknowledged', async () => {
    let elapsedMs = 0;
    using _settings = configureEvents({ clock: { ...systemClock, monotonic: () => elapsedMs } });
    const handled: number[] = [];
    const { lane, log } = logged({
      handle: ({ ordinal }): Outcome => {
        elapsedMs += 15;
        handled.push(ordinal);
        return 'handled';
      },
    });
    lane.push(again(1, 1, 2, 3, 4));
    expect(handled).toEqual([1, 2]); // it yields now
    lane.push(again(3, 5));
    await settleAll();
    expect(handled).toEqual([1, 2, 3, 4, 5]);
    expect(log.at(-1)).toBe('ack 5');
  });

  it('dead-letters each event that was delivered more than maxDeliveries times', async () => {
    const { lane, log } = logged();
    lane.push([...again(11, 1), ...again(10, 2), ...again(12, 3)]);
    await settleAll();
    const [one, two, three] = ['dead-letter 1', 'start 2', 'dead-letter 3'];
    expect(log).toEqual([one, 'end 1', 'ack 1', two, 'end 2', 'ack 2', three, 'end 3', 'ack 3']);
  });

  it.each([
    [10, 10],
    [3, 3],
    [Number.POSITIVE_INFINITY, 1_000_000],
  ])('does not dead-letter with maxDeliveries %d at delivery %d', async (maxDeliveries, deliveryCount) => {
    const { lane, log } = logged({ maxDeliveries });
    lane.push(again(deliveryCount, 1));
    await settleAll();
    expect(log[0]).toBe('start 1');
  });
});
