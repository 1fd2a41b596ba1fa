import { type Clock, configureEvents, InvalidOptionsError } from '@openedx-ts/events-core';
import { afterEach, describe, expect, it } from 'vitest';
import { describeInbox, newKey } from './inbox-contract.test-support.js';
import { memoryInbox } from './memory-inbox.js';

let settings: Disposable | undefined;
afterEach(() => settings?.[Symbol.dispose]());

describe('memoryInbox', () => {
  const shared = memoryInbox();
  describeInbox(() => shared);

  it('forgets an event after ttlMs', async () => {
    let now = 0;
    const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => {} };
    settings = configureEvents({ clock });
    const inbox = memoryInbox({ ttlMs: 1_000 });
    const key = newKey();
    await inbox.handle(key, () => {});
    now = 999;
    expect(await inbox.handle(key, () => {})).toBe(false);
    now = 1_000;
    expect(await inbox.handle(key, () => {})).toBe(true);
  });

  it('remembers the newest maxEvents events', async () => {
    const inbox = memoryInbox({ maxEvents: 2 });
    const keys = [newKey(), newKey(), newKey()] as const;
    for (const key of keys) await inbox.handle(key, () => {});
    expect(await inbox.handle(keys[2], () => {})).toBe(false);
    expect(await inbox.handle(keys[1], () => {})).toBe(false);
    expect(await inbox.handle(keys[0], () => {})).toBe(true);
  });

  it('refuses options that are out of range', () => {
    expect(() => memoryInbox({ maxEvents: 0 })).toThrow(InvalidOptionsError);
    expect(() => memoryInbox({ ttlMs: -1 })).toThrow(/ttlMs: must be a number of milliseconds/);
  });
});
