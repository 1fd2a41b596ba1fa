import { describe, expect, it } from 'vitest';
import { deferred } from '../../runtime/deferred.js';
import { settle } from '../../runtime/manual-clock.test-support.js';
import { Abandoned } from '../failures/abandoned.js';
import type { Outcome } from '../types/outcome.js';
import {
  deliveries,
  keyed,
  withTimeStandingStill,
  laneWorker as worker,
} from './lane-worker.test-support.js';

describe('LaneWorker', () => {
  withTimeStandingStill();

  it('handles in order, and acknowledges in groups and whenever none waits', async () => {
    const { lane, handled, acknowledged, onDone } = worker();
    lane.push(deliveries(1, 2, 3));
    expect(lane.waiting).toBe(2);
    lane.push(deliveries(4, 5));
    await settle();
    lane.push(deliveries(6));
    await settle();
    expect(handled).toEqual([1, 2, 3, 4, 5, 6]);
    expect(acknowledged).toEqual([[1, 2], [3, 4], [5], [6]]);
    expect(onDone).toHaveBeenCalledTimes(6);
    expect(lane.waiting).toBe(0);
  });

  it.each<Outcome>(['handled', 'skipped', 'dead-lettered', 'dropped'])(
    'acknowledges what was %s',
    async (outcome) => {
      const { lane, acknowledged } = worker({ handle: async () => outcome });
      lane.push(deliveries(1));
      await settle();
      expect(acknowledged).toEqual([[1]]);
    },
  );

  it('abandons everything behind an abandoned delivery, and acknowledges what was before', async () => {
    const { lane, acknowledged } = worker({
      ackEvery: 10,
      handle: async ({ ordinal }) => (ordinal === 3 ? 'abandoned' : 'handled'),
    });
    lane.push(deliveries(1, 2, 3, 4));
    await settle();
    expect(acknowledged).toEqual([[1, 2]]);
    lane.push(deliveries(5));
    await settle();
    expect(acknowledged).toEqual([[1, 2], [5]]);
  });

  it('reports what must end the consumer, once, after acknowledging what was before', async () => {
    const broken = new Error('broken');
    const { lane, acknowledged, onFatal } = worker({
      ackEvery: 10,
      handle: async ({ ordinal }): Promise<Outcome> => {
        if (ordinal === 2) throw broken;
        return 'handled';
      },
    });
    lane.push(deliveries(1, 2, 3));
    await settle();
    expect(acknowledged).toEqual([[1]]);
    expect(onFatal).toHaveBeenCalledExactlyOnceWith(broken);
    expect(lane.waiting).toBe(0);
  });

  it('does not treat an abandoned acknowledgement as an error', async () => {
    const { lane, onFatal } = worker({
      acknowledge: async () => {
        throw new Abandoned('stopped');
      },
    });
    lane.push(deliveries(1, 2, 3));
    await settle();
    expect(onFatal).not.toHaveBeenCalled();
    expect(lane.waiting).toBe(0);
  });

  it('drains: finishes what is in flight, and no more', async () => {
    const held = deferred();
    const { lane, handled, acknowledged } = worker({
      handle: async ({ ordinal }): Promise<Outcome> => {
        handled.push(ordinal);
        await held.promise;
        return 'handled';
      },
    });
    lane.push(deliveries(1, 2));
    const drained = lane.drain();
    held.resolve();
    await drained;
    expect([handled, acknowledged]).toEqual([[1], [[1]]]);
    await lane.drain();
  });

  it('acknowledges nothing once it was aborted, and aborts the one in flight', async () => {
    const held = deferred();
    const signals: AbortSignal[] = [];
    const { lane, acknowledged } = worker({
      handle: async (_, { abortSignal }): Promise<Outcome> => {
        signals.push(abortSignal);
        await held.promise;
        return 'handled';
      },
    });
    lane.push(deliveries(1, 2));
    lane.abort();
    expect([lane.isAborted, signals.map(({ aborted }) => aborted)]).toEqual([true, [true]]);
    held.resolve();
    await settle();
    lane.push(deliveries(3));
    await settle();
    expect([acknowledged, signals.length]).toEqual([[], 1]);
  });

  it('is aborted by the signal of its deliveries, also one that fired before', async () => {
    const abort = new AbortController();
    const { lane, handled } = worker();
    lane.push([keyed('', 1, { abortSignal: abort.signal })]);
    await settle();
    abort.abort();
    expect(lane.isAborted).toBe(true);

    const late = worker();
    late.lane.push([keyed('', 1, { abortSignal: abort.signal })]);
    await settle();
    expect([handled, late.handled]).toEqual([[1], []]);
  });

  it('tries nothing again of a lane that was lost while it backed off', async () => {
    const rested = deferred();
    const tries: string[] = [];
    let isOurs = true;
    const { lane, acknowledged } = worker({
      mayHandle: () => isOurs,
      handle: async (_, { backOff, waitSignal }): Promise<Outcome> => {
        tries.push('first');
        await backOff(() => rested.promise);
        if (waitSignal.aborted) return 'abandoned';
        tries.push('second');
        return 'handled';
      },
    });
    lane.push(deliveries(1));
    await settle();
    isOurs = false;
    rested.resolve();
    await settle();
    expect([tries, acknowledged, lane.isAborted]).toEqual([['first'], [], true]);
  });

  it('goes on after an empty batch', async () => {
    const { lane, handled } = worker();
    lane.push([]);
    lane.push(deliveries(1));
    await settle();
    expect(handled).toEqual([1]);
  });

  it('starts nothing else once the consumer stops, although a slot is free', async () => {
    const stopping = new AbortController();
    const first = deferred();
    const started: number[] = [];
    const { lane } = worker({
      stopSignal: stopping.signal,
      handle: async ({ ordinal }): Promise<Outcome> => {
        started.push(ordinal);
        if (ordinal === 1) await first.promise;
        return 'handled';
      },
    });
    lane.push(deliveries(1, 2));
    stopping.abort();
    first.resolve();
    await settle();
    await lane.drain();
    expect(started).toEqual([1]);
  });
});
