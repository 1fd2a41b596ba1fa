import { type Clock, configureEvents } from '@openedx-ts/events-core';
import { describe, expect, it, vi } from 'vitest';
import { withDeadline } from './with-deadline.js';

describe('withDeadline', () => {
  it('resolves or rejects with work that ends in time, and ends its timer', async () => {
    const timers: AbortSignal[] = [];
    const sleep: Clock['sleep'] = (_, abortSignal) =>
      new Promise((resolve) => {
        timers.push(abortSignal as AbortSignal);
        abortSignal?.addEventListener('abort', () => resolve());
      });
    using _ = configureEvents({ clock: { now: () => 0, monotonic: () => 0, sleep } });
    const onLate = vi.fn(() => 'late');
    expect(await withDeadline(10, Promise.resolve('done'), onLate)).toBe('done');
    await expect(withDeadline(10, Promise.reject(new Error('broken')), onLate)).rejects.toThrow('broken');
    expect(timers.map(({ aborted }) => aborted)).toStrictEqual([true, true]);
    expect(onLate).not.toHaveBeenCalled();
  });

  it('resolves with what a caller makes of work that is late, and passes on what it throws', async () => {
    using _ = configureEvents({ clock: { now: () => 0, monotonic: () => 0, sleep: async () => {} } });
    const never = new Promise<string>(() => {});
    expect(await withDeadline(10, never, () => 'late')).toBe('late');
    const fail = () => {
      throw new Error('too late');
    };
    await expect(withDeadline(10, never, fail)).rejects.toThrow('too late');
  });
});
