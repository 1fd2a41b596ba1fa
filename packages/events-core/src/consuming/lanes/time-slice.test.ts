import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../runtime/clock.js';
import { configureEvents } from '../../runtime/runtime.js';
import { nextTurn } from './lane-worker.test-support.js';
import { TimeSlice } from './time-slice.js';

describe('TimeSlice', () => {
  let elapsedMs = 0;
  let restore: Disposable;

  beforeEach(() => {
    elapsedMs = 0;
    restore = configureEvents({ clock: { ...systemClock, monotonic: () => elapsedMs } });
  });
  afterEach(() => restore[Symbol.dispose]());

  it('has time for 20 ms, then none until the next tick, which it reports once', async () => {
    const onNext = vi.fn();
    const slice = new TimeSlice(onNext);
    expect(slice.hasTime()).toBe(true);
    elapsedMs = 19;
    expect(slice.hasTime()).toBe(true);
    elapsedMs = 20;
    expect([slice.hasTime(), slice.hasTime()]).toEqual([false, false]);
    await nextTurn();
    expect(onNext).toHaveBeenCalledOnce();
    elapsedMs = 39;
    expect(slice.hasTime()).toBe(true);
  });

  it('has time at once for what comes after a pause, and calls nobody', async () => {
    const onNext = vi.fn();
    const slice = new TimeSlice(onNext);
    expect(slice.hasTime()).toBe(true);
    await nextTurn();
    elapsedMs = 5_000;
    expect(slice.hasTime()).toBe(true);
    await nextTurn();
    expect(onNext).not.toHaveBeenCalled();
  });
});
