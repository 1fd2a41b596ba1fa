import { describe, expect, it, vi } from 'vitest';
import { settle } from '../runtime/manual-clock.test-support.js';
import { Backpressure } from './backpressure.js';

function room() {
  const state = { isFull: true };
  const waiting = new Backpressure(() => state.isFull);
  const abort = new AbortController();
  const left = vi.fn();
  const wait = () => {
    void waiting.whileFull(abort.signal).then(left);
    return settle();
  };
  return { state, waiting, abort, left, wait };
}

describe('Backpressure', () => {
  it('is left at a check that finds room, and not before', async () => {
    const { state, waiting, left, wait } = room();
    await wait();
    waiting.check();
    await settle();
    expect(left).not.toHaveBeenCalled();
    state.isFull = false;
    waiting.check();
    waiting.check();
    await settle();
    expect(left).toHaveBeenCalledOnce();
  });

  it('is not entered while there is room', async () => {
    const { state, left, wait } = room();
    state.isFull = false;
    await wait();
    expect(left).toHaveBeenCalledOnce();
  });

  it('is left when the signal fires, also when it has before', async () => {
    const { abort, left, wait } = room();
    await wait();
    abort.abort();
    await settle();
    expect(left).toHaveBeenCalledOnce();
    await wait();
    expect(left).toHaveBeenCalledTimes(2);
  });

  it('leaves nothing on the signal behind', async () => {
    const { state, waiting, abort, wait } = room();
    const added = vi.spyOn(abort.signal, 'addEventListener');
    const removed = vi.spyOn(abort.signal, 'removeEventListener');
    await wait();
    state.isFull = false;
    waiting.check();
    expect([added.mock.calls.length, removed.mock.calls.length]).toEqual([1, 1]);
  });
});
