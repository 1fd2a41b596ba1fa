import { afterEach, describe, expect, it, vi } from 'vitest';
import { InvalidSignalError } from '../errors/signal-errors.js';
import { ada, defineUserSignal } from './fixtures.test-support.js';
import { nameReceiver } from './receiver-name.js';
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

  it('connects 20,000 receivers without a name in less than quadratic time', () => {
    const signal = defineUserSignal();
    const has = vi.spyOn(Map.prototype, 'has');
    const connections = Array.from({ length: 20_000 }, () => signal.connect(() => {}));
    const lookUps = has.mock.calls.length;
    has.mockRestore();
    expect(lookUps).toBeLessThan(200_000);
    expect(connections.at(-1)?.name).toBe('receiver-20000');
    for (const connection of connections) connection.disconnect();
    expect(signal.receivers).toEqual([]);
  });

  it('gives the smallest number that is free again', () => {
    const signal = defineUserSignal();
    const connections = Array.from({ length: 5 }, () => signal.connect(() => {}));
    connections[3]?.disconnect();
    connections[1]?.disconnect();
    expect([1, 2, 3].map(() => signal.connect(() => {}).name)).toEqual([
      'receiver-2',
      'receiver-4',
      'receiver-6',
    ]);
    connections[0]?.disconnect();
    expect(signal.connect(() => {}).name).toBe('receiver');
  });

  it('keeps a given name: refuses it twice, and refuses another for it', () => {
    const signal = defineUserSignal();
    const receiver = nameReceiver(() => {}, 'mail');
    expect(() => signal.connect(receiver, { name: 'letter' })).toThrow(
      /named "mail" cannot be connected as "letter"/,
    );
    signal.connect(receiver);
    expect(() => signal.connect(nameReceiver(() => {}, 'mail'))).toThrow(/"mail" is connected already/);
    expect(signal.receivers).toEqual(['mail']);
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
