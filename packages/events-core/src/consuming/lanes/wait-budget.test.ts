import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../runtime/manual-clock.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import { WaitBudget } from './wait-budget.js';

describe('WaitBudget', () => {
  let clock: ManualClock;
  let restore: Disposable;

  beforeEach(() => {
    clock = new ManualClock();
    restore = configureEvents({ clock });
  });
  afterEach(() => restore[Symbol.dispose]());

  it('adds up the time between start and stop, and calls back once when it is used up', async () => {
    const onExhausted = vi.fn();
    const budget = new WaitBudget(100, onExhausted);
    budget.start();
    await clock.advance(60);
    budget.stop();
    await clock.advance(1_000);
    budget.start();
    budget.start();
    await clock.advance(39);
    expect(onExhausted).not.toHaveBeenCalled();
    await clock.advance(1);
    budget.start();
    await clock.advance(1_000);
    expect(onExhausted).toHaveBeenCalledOnce();
    expect(clock.pending).toEqual([]);
  });
});
