import { configureEvents, type Logger, silentLogger } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NOT_HELD } from '../driver/fenced-command.js';
import { RecordingConnection, type ScriptedReply } from '../driver/recording-connection.test-support.js';
import type { RedisReply } from '../driver/redis-command.js';
import { OwnPendingEntries } from './own-pending-entries.js';
import { PendingEntries } from './pending-entries.js';

const bytes = (text: string) => Buffer.from(text);
const entryReply = (id: string): RedisReply => [[bytes(id), [bytes('event_data'), bytes('x')]]];
const pendingReply = (counts: Readonly<Record<string, number>>): RedisReply =>
  Object.entries(counts).map(([id, count]) => [bytes(id), bytes('me'), 10, count]);

/** Replies to each command by the first of these texts that it starts with. */
function replying(replies: Readonly<Record<string, ScriptedReply>>) {
  return (command: string): ScriptedReply => {
    const match = Object.keys(replies).find((start) => command.startsWith(start));
    if (match === undefined) throw new Error(`unexpected command: ${command}`);
    return replies[match] as ScriptedReply;
  };
}

function pendingEntries(replies: Readonly<Record<string, ScriptedReply>>) {
  const connection = new RecordingConnection(replying(replies));
  const ownPending = new OwnPendingEntries(new AbortController().signal);
  const pending = new PendingEntries({
    ...{ connection, groupId: 'g', consumerName: 'me', ownPending },
    fenced: (_stream, command) => command,
  });
  return { connection, ownPending, pending };
}

describe('PendingEntries', () => {
  let logged: ReturnType<typeof vi.fn>;
  let restore: Disposable;
  beforeEach(() => {
    logged = vi.fn();
    restore = configureEvents({ logger: { ...silentLogger, error: logged as Logger['error'] } });
  });
  afterEach(() => restore[Symbol.dispose]());

  it('counts the first two deliveries as it reads an entry, and later ones not', async () => {
    const { connection, pending } = pendingEntries({
      'XPENDING s g - + 10 me': pendingReply({ '1-0': 0, '2-0': 1, '3-0': 2, '4-0': 7 }),
      'XCLAIM s g me 0 1-0': entryReply('1-0'),
      'XCLAIM s g me 0 2-0': entryReply('2-0'),
      'XCLAIM s g me 0 3-0': entryReply('3-0'),
      'XCLAIM s g me 0 4-0': entryReply('4-0'),
    });
    const page = await pending.own('s', undefined, 10);
    expect(page.entries.map(({ id, deliveryCount }) => [id, deliveryCount])).toEqual([
      ['1-0', 1],
      ['2-0', 2],
      ['3-0', 3],
      ['4-0', 8],
    ]);
    expect(page.last).toBe('4-0');
    expect(connection.commands.slice(1)).toEqual([
      'XCLAIM s g me 0 1-0 RETRYCOUNT 1',
      'XCLAIM s g me 0 2-0 RETRYCOUNT 2',
      'XCLAIM s g me 0 3-0 RETRYCOUNT 2',
      'XCLAIM s g me 0 4-0 RETRYCOUNT 7',
    ]);
  });

  it('reads no entry that is in flight', async () => {
    const { connection, ownPending, pending } = pendingEntries({ XPENDING: pendingReply({ '1-0': 1 }) });
    ownPending.add('s', [{ id: '1-0', fields: [], deliveryCount: 1 }]);
    expect(await pending.own('s', '0-5', 10)).toEqual({ entries: [], last: '1-0' });
    expect(connection.commands).toEqual(['XPENDING s g (0-5 + 10 me']);
  });

  it('claims page after page, from the cursor of the page before, until the end', async () => {
    const { connection, pending } = pendingEntries({
      'XAUTOCLAIM s g me 500 0-0': [bytes('7-0'), [bytes('1-0')], []],
      'XAUTOCLAIM s g me 500 7-0': [bytes('0-0'), [], []],
      XPENDING: pendingReply({ '1-0': 1 }),
      XCLAIM: entryReply('1-0'),
    });
    expect(await pending.claim('s', 500, 10)).toMatchObject({
      entries: [{ id: '1-0', deliveryCount: 2 }],
      isLast: false,
    });
    expect(await pending.claim('s', 500, 10)).toEqual({ entries: [], isLast: true });
    pending.restart('s');
    await pending.claim('s', 500, 10);
    expect(connection.commands.filter((command) => command.startsWith('XAUTOCLAIM'))).toEqual([
      'XAUTOCLAIM s g me 500 0-0 COUNT 10 JUSTID',
      'XAUTOCLAIM s g me 500 7-0 COUNT 10 JUSTID',
      'XAUTOCLAIM s g me 500 0-0 COUNT 10 JUSTID',
    ]);
  });

  it('returns nothing when another member holds the lease', async () => {
    const { pending } = pendingEntries({ XAUTOCLAIM: NOT_HELD, XCLAIM: NOT_HELD });
    expect(await pending.claim('s', 0, 10)).toBeUndefined();
    expect(await pending.setCount('s', { id: '1-0', count: 3 })).toBe(false);
  });

  it('acknowledges entries that were trimmed while they were pending, and logs how many', async () => {
    const { connection, pending } = pendingEntries({
      XPENDING: pendingReply({ '1-0': 1, '2-0': 1 }),
      XCLAIM: [],
      'XRANGE s 1-0': [],
      'XRANGE s 2-0': entryReply('2-0'), // acknowledged in between
      'XACK s g 1-0': 1,
    });
    expect((await pending.own('s', undefined, 10)).entries).toEqual([]);
    expect(connection.commands.at(-1)).toBe('XACK s g 1-0');
    expect(logged).toHaveBeenCalledWith(
      { stream: 's', groupId: 'g', count: 1, from: '1-0', to: '1-0' },
      expect.stringContaining('trimmed before this group had acknowledged them'),
    );
  });

  it('does not report the entry by which Python creates a stream', async () => {
    const { pending } = pendingEntries({
      XPENDING: pendingReply({ '0-1': 1 }),
      XCLAIM: [],
      XRANGE: [],
      XACK: 1,
    });
    await pending.own('s', undefined, 10);
    expect(logged).not.toHaveBeenCalled();
  });

  it('returns pending entries to the group with the counts from before their delivery', async () => {
    const { connection, ownPending, pending } = pendingEntries({ XCLAIM: [] });
    ownPending.add('s', [
      { id: '1-0', fields: [], deliveryCount: 1 },
      { id: '2-0', fields: [], deliveryCount: 4 },
    ]);
    await pending.release('s', 60_000);
    expect(connection.commands).toEqual([
      'XCLAIM s g me 0 1-0 IDLE 60000 RETRYCOUNT 0 JUSTID',
      'XCLAIM s g me 0 2-0 IDLE 60000 RETRYCOUNT 3 JUSTID',
    ]);
  });

  it('resets the idle time of pending entries in commands of a thousand', async () => {
    const { connection, ownPending, pending } = pendingEntries({ XCLAIM: [] });
    ownPending.add(
      's',
      Array.from({ length: 1_001 }, (_, index) => ({ id: `${index}-1`, fields: [], deliveryCount: 1 })),
    );
    await pending.touch('s', new AbortController().signal);
    expect(connection.commands).toHaveLength(2);
    expect(connection.commands[1]).toBe('XCLAIM s g me 0 1000-1 IDLE 0 JUSTID');
  });
});
