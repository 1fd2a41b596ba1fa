import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../runtime/clock.js';
import { deferred } from '../../runtime/deferred.js';
import { configureEvents } from '../../runtime/runtime.js';
import type { Outcome } from '../types/outcome.js';
import { deliveries, laneWorker, nextTurn } from './lane-worker.test-support.js';

describe('how a lane yields', () => {
  let elapsedMs = 0;
  const clock = { ...systemClock, monotonic: () => elapsedMs };

  it.each<[string, () => Outcome | Promise<Outcome>]>([
    ['sync receivers', () => 'handled'],
    ['receivers that wait for nothing that takes time', async (): Promise<Outcome> => 'handled'],
  ])('yields to the event loop every 20 ms while 1,000 %s take 1 ms each', async (_, outcome) => {
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

  it('continues by itself where a test fakes timers', async () => {
    using _settings = configureEvents({ clock });
    const { lane, handled } = laneWorker({
      handle: ({ ordinal }) => {
        elapsedMs += 20;
        handled.push(ordinal);
        return 'handled';
      },
    });
    vi.useFakeTimers();
    try {
      lane.push(deliveries(1, 2, 3));
      for (let turn = 0; turn < 10; turn += 1) await nextTurn();
      expect(handled).toEqual([1, 2, 3]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('starts nothing before the next tick, and drains in the meantime', async () => {
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
