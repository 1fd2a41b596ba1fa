import { configureEvents } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RedisReplyError, thrownError } from '../driver/redis-reply-error.js';
import { UsableStreams } from './usable-streams.js';

const refusal = (text: string) =>
  thrownError(new RedisReplyError(text, ['XGROUP', 'CREATE', 'orders', 'g', '$']));
const wrongType = () => refusal('WRONGTYPE Operation against a key holding the wrong kind of value');

describe('UsableStreams', () => {
  let now = 0;
  let settings: Disposable;
  beforeEach(() => {
    now = 0;
    settings = configureEvents({
      clock: { now: () => now, monotonic: () => now, sleep: async () => {} },
      random: () => 1,
    });
  });
  afterEach(() => settings[Symbol.dispose]());

  function streams(failing: Map<string, Error>, ...more: readonly string[]) {
    const created: string[] = [];
    const missing = new Set(more);
    const usable = new UsableStreams({
      ...{ streams: ['orders', 'grades', ...more], groupId: 'g', initialBackoffMs: 100, maxBackoffMs: 300 },
      createGroup: async (stream) => {
        created.push(stream);
        const error = failing.get(stream);
        if (error !== undefined) throw error;
        return !missing.has(stream);
      },
    });
    return { usable, created, missing };
  }

  it('looks for a stream that need not exist every second, and reports nothing of it', async () => {
    const { usable, created, missing } = streams(new Map(), 'orders.g.retry');
    expect(await usable.open()).toEqual(['orders', 'grades']);
    now = 999;
    await usable.open();
    expect(created).toEqual(['orders', 'grades', 'orders.g.retry']);
    expect(usable.reasons).toEqual([]);
    missing.clear();
    now = 1_000;
    expect(await usable.open()).toEqual(['orders', 'grades', 'orders.g.retry']);
  });

  it('leaves out a stream whose key is refused, and tries it again after growing waits', async () => {
    const failing = new Map([['orders', wrongType()]]);
    const { usable, created } = streams(failing);
    expect(await usable.open()).toEqual(['grades']);
    expect(usable.reasons.join()).toMatch(/^stream orders is not read, .*WRONGTYPE/);
    for (const [at, tries] of [
      [99, 1],
      [100, 2],
      [299, 2],
      [300, 3],
      [600, 4],
    ] as const) {
      now = at;
      await usable.open();
      expect(created.filter((stream) => stream === 'orders')).toHaveLength(tries);
    }
    expect(created.filter((stream) => stream === 'grades')).toHaveLength(1);
    failing.clear();
    now = 900;
    expect(await usable.open()).toEqual(['orders', 'grades']);
    expect(usable.reasons).toHaveLength(1); // until it was read
    usable.confirm(['orders']);
    expect(usable.reasons).toEqual([]);
  });

  it('creates the groups of all streams again after a reset, but for the waits of those that are refused', async () => {
    const { usable, created } = streams(new Map([['orders', wrongType()]]));
    await usable.open();
    usable.reset();
    expect(usable.has('grades')).toBe(false);
    await usable.open();
    expect(created).toEqual(['orders', 'grades', 'grades']);
  });

  it('throws what is not about the key of one stream', async () => {
    const error = refusal("NOPERM this user has no permissions to run the 'xgroup|create' command");
    await expect(streams(new Map([['orders', error]])).usable.open()).rejects.toBe(error);
  });
});
