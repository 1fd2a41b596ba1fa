import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './clock.js';

afterEach(() => {
  vi.useRealTimers();
});

describe('systemClock.sleep', () => {
  it('resolves after the duration, and not before', async () => {
    vi.useFakeTimers();
    const woke = vi.fn();
    void systemClock.sleep(1_000).then(woke);
    await vi.advanceTimersByTimeAsync(999);
    expect(woke).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(woke).toHaveBeenCalledOnce();
  });

  it('accepts durations that one timer of Node cannot', async () => {
    vi.useFakeTimers();
    const woke = vi.fn();
    const days = 24 * 60 * 60 * 1000;
    void systemClock.sleep(60 * days).then(woke);
    await vi.advanceTimersByTimeAsync(60 * days - 1);
    expect(woke).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(woke).toHaveBeenCalledOnce();
  });

  it('sleeps for ever where the duration is infinite, until it is aborted', async () => {
    vi.useFakeTimers();
    const woke = vi.fn();
    const abort = new AbortController();
    void systemClock.sleep(Number.POSITIVE_INFINITY, abort.signal).then(woke);
    await vi.advanceTimersByTimeAsync(2 ** 33);
    expect(woke).not.toHaveBeenCalled();
    abort.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(woke).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('resolves at once when it was aborted before', async () => {
    await systemClock.sleep(1e9, AbortSignal.abort());
  });
});

describe('systemClock', () => {
  it('returns the time of the machine, and a time that never goes back', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
    const before = systemClock.monotonic();
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
  });
});
