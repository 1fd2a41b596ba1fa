import { afterEach, describe, expect, it, vi } from 'vitest';
import { InvalidSignalError } from '../errors/signal-errors.js';
import { ada, defineUserSignal } from './fixtures.test-support.js';
import { snapshotSignals } from './registry.js';

const restore = snapshotSignals();
afterEach(restore);

describe('connect', () => {
  it('names receivers after their functions, and keeps the names apart', () => {
    const signal = defineUserSignal();
    function indexUser() {}
    signal.connect(indexUser);
    signal.connect(indexUser);
    signal.connect(() => {});
    signal.connect(indexUser, { name: 'again' });
    expect(signal.connect(indexUser).name).toBe('indexUser-3');
    expect(signal.receivers).toEqual(['indexUser', 'indexUser-2', 'receiver', 'again', 'indexUser-3']);
  });

  it('refuses a name that is taken, and frees it on disconnect', () => {
    const signal = defineUserSignal();
    const connection = signal.connect(() => {}, { name: 'mail' });
    expect(() => signal.connect(() => {}, { name: 'mail' })).toThrow(InvalidSignalError);
    connection.disconnect();
    connection.disconnect();
    signal.connect(() => {}, { name: 'mail' });
    expect(signal.receivers).toEqual(['mail']);
  });

  it('never disconnects a later receiver of the same name', () => {
    const signal = defineUserSignal();
    const first = signal.connect(() => {}, { name: 'mail' });
    first.disconnect();
    signal.connect(() => {}, { name: 'mail' });
    first.disconnect();
    expect(signal.receivers).toEqual(['mail']);
  });

  it('disconnects at the end of a scope', () => {
    const signal = defineUserSignal();
    {
      using _ = signal.connect(() => {});
      expect(signal.receivers).toHaveLength(1);
    }
    expect(signal.receivers).toEqual([]);
  });

  it('disconnects when an AbortSignal fires, and does not connect when it has', () => {
    const signal = defineUserSignal();
    const abort = new AbortController();
    signal.connect(() => {}, { name: 'a', abortSignal: abort.signal });
    signal.connect(() => {}, { name: 'b', abortSignal: abort.signal });
    signal.connect(() => {}, { name: 'c' });
    abort.abort();
    expect(signal.receivers).toEqual(['c']);
    signal.connect(() => {}, { name: 'd', abortSignal: abort.signal });
    expect(signal.receivers).toEqual(['c']);
  });

  it('lets go of the AbortSignal on disconnect', () => {
    const signal = defineUserSignal();
    const abort = new AbortController();
    const remove = vi.spyOn(abort.signal, 'removeEventListener');
    signal.connect(() => {}, { abortSignal: abort.signal }).disconnect();
    expect(remove).toHaveBeenCalledOnce();
  });

  it('takes effect from the next send on, in both directions', async () => {
    const signal = defineUserSignal();
    const late = vi.fn();
    const leaving = vi.fn();
    signal.connect(() => {
      if (!signal.receivers.includes('late')) signal.connect(late, { name: 'late' });
      connection.disconnect();
    });
    const connection = signal.connect(leaving, { name: 'leaving' });
    await signal.sendEvent({ user: ada });
    expect([late.mock.calls.length, leaving.mock.calls.length]).toEqual([0, 1]);
    await signal.sendEvent({ user: ada });
    expect([late.mock.calls.length, leaving.mock.calls.length]).toEqual([1, 1]);
  });
});
