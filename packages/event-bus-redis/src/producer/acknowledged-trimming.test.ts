import { type Clock, configureEvents } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordingConnection, type ScriptedReply } from '../driver/recording-connection.test-support.js';
import { AcknowledgedTrimming } from './acknowledged-trimming.js';

const logger = { debug() {}, info: vi.fn(), warn: vi.fn(), error: vi.fn() };
let nowMs = 0;
let restore: Disposable;

beforeEach(() => {
  nowMs = 0;
  for (const log of [logger.info, logger.warn, logger.error]) log.mockReset();
  const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, sleep: async () => {} };
  restore = configureEvents({ clock, logger });
});
afterEach(() => restore[Symbol.dispose]());

interface Group {
  readonly name: string;
  readonly pending: number;
  readonly lastDelivered: string;
  /** The oldest entry that is pending. */
  readonly oldest?: string;
  /** As Redis reports it since version 7. */
  readonly lag?: number;
}

/** A stream `orders` of this length with these groups; XTRIM removes `trimmed` entries. */
function streamOf(length: number, groups: readonly Group[] = [], trimmed = 0) {
  const stream = { length, groups };
  const connection = new RecordingConnection((command): ScriptedReply => {
    if (command.startsWith('XLEN')) return stream.length;
    if (command.startsWith('XINFO'))
      return stream.groups.map(({ name, pending, lastDelivered, lag = null }) => [
        Buffer.from('name'),
        Buffer.from(name),
        Buffer.from('pending'),
        pending,
        Buffer.from('last-delivered-id'),
        Buffer.from(lastDelivered),
        Buffer.from('lag'),
        lag,
      ]);
    if (command.startsWith('XPENDING')) {
      const { pending, oldest } = stream.groups.find(({ name }) => command.endsWith(` ${name}`)) as Group;
      return [pending, oldest === undefined ? null : Buffer.from(oldest), null, null];
    }
    return trimmed;
  });
  return { stream, connection };
}

/** What the connection of a stream replies. */
async function answerOf(connection: RecordingConnection, command: string) {
  const [reply] = await connection.send([command.split(' ')]);
  return reply as ScriptedReply;
}

const trimmingOf = (connection: RecordingConnection, maxLength = 100) =>
  new AcknowledgedTrimming({ connection, maxLength, everyMs: 1_000 });
const trims = ({ commands }: RecordingConnection) => commands.filter((text) => text.startsWith('XTRIM'));

describe('AcknowledgedTrimming', () => {
  it('trims acknowledged entries behind a pending one where Redis can, and none that is unread', async () => {
    const groups = [
      { name: 'mail', pending: 2, lastDelivered: '9-0', oldest: '5-0', lag: 10 },
      { name: 'search', pending: 1, lastDelivered: '8-0', oldest: '6-0', lag: 200 },
    ];
    const { connection } = streamOf(500, groups);
    trimmingOf(connection).written('orders');
    await expect
      .poll(() => trims(connection))
      .toStrictEqual(['XTRIM orders MINID ~ 5-0 LIMIT 400', 'XTRIM orders MAXLEN = 204 ACKED']);
  });

  it.each([
    ['nothing is pending', { pending: 0, lag: 10 }],
    ['the number of unread entries is unknown', { pending: 1, oldest: '5-0' }],
    ['all others are unread', { pending: 1, oldest: '5-0', lag: 498 }],
  ])('does not ask for that while %s', async (_, facts) => {
    const { connection } = streamOf(500, [{ name: 'mail', lastDelivered: '9-0', ...facts }]);
    trimmingOf(connection).written('orders');
    await expect.poll(() => trims(connection).length).toBe(1);
    expect(trims(connection).join()).not.toContain('ACKED');
  });

  it('asks a Redis that does not know it once', async () => {
    const group = { name: 'mail', pending: 1, lastDelivered: '9-0', oldest: '5-0', lag: 10 };
    const { connection } = streamOf(500, [group]);
    const answering = new RecordingConnection((command) =>
      command.endsWith('ACKED') ? new Error('ERR syntax error') : answerOf(connection, command),
    );
    const trimming = trimmingOf(answering);
    trimming.written('orders');
    await expect.poll(() => trims(answering).length).toBe(2);
    nowMs += 1_000;
    trimming.written('orders');
    await expect.poll(() => trims(answering).length).toBe(3);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('trims nothing while a stream is short', async () => {
    const { connection } = streamOf(100);
    trimmingOf(connection).written('orders');
    await expect.poll(() => connection.commands).toStrictEqual(['XLEN orders']);
    expect(trims(connection)).toStrictEqual([]);
  });

  it('trims a stream without groups to its length', async () => {
    const { connection } = streamOf(150);
    trimmingOf(connection).written('orders');
    await expect.poll(() => trims(connection)).toStrictEqual(['XTRIM orders MAXLEN ~ 100']);
  });

  it('keeps every entry that some group has not acknowledged', async () => {
    const { connection } = streamOf(150, [
      { name: 'fast', pending: 0, lastDelivered: '90-0' },
      { name: 'slow', pending: 3, lastDelivered: '80-0', oldest: '9-1' },
    ]);
    trimmingOf(connection).written('orders');
    await expect.poll(() => trims(connection)).toStrictEqual(['XTRIM orders MINID ~ 9-1 LIMIT 50']);
  });

  it('keeps the entry that a group without pending entries has read last', async () => {
    const { connection } = streamOf(150, [{ name: 'g', pending: 0, lastDelivered: '90-0' }]);
    trimmingOf(connection).written('orders');
    await expect.poll(() => trims(connection)).toStrictEqual(['XTRIM orders MINID ~ 90-0 LIMIT 50']);
  });

  it('looks at a stream once in each interval', async () => {
    const { connection } = streamOf(50);
    const trimming = trimmingOf(connection);
    trimming.written('orders');
    await expect.poll(() => connection.commands).toHaveLength(1);
    nowMs = 999;
    trimming.written('orders');
    expect(connection.commands).toHaveLength(1);
    nowMs = 1_000;
    trimming.written('orders');
    await expect.poll(() => connection.commands).toHaveLength(2);
  });

  it('sends nothing when streams have no limit', () => {
    const { connection } = streamOf(1_000);
    trimmingOf(connection, Number.POSITIVE_INFINITY).written('orders');
    expect(connection.commands).toStrictEqual([]);
  });

  it('logs once which group lets a stream grow, and when it is short again', async () => {
    const { connection, stream } = streamOf(400, [
      { name: 'slow', pending: 1, lastDelivered: '80-0', oldest: '1-0' },
    ]);
    const trimming = trimmingOf(connection);
    for (nowMs = 0; nowMs < 3_000; nowMs += 1_000) {
      trimming.written('orders');
      await expect.poll(() => trims(connection)).toHaveLength(nowMs / 1_000 + 1);
    }
    await expect.poll(() => logger.warn.mock.calls).toHaveLength(1);
    expect(logger.warn).toHaveBeenCalledWith(
      { stream: 'orders', length: 400, streamMaxLength: 100, groupId: 'slow' },
      expect.stringContaining('grows beyond streamMaxLength'),
    );
    stream.length = 90;
    trimming.written('orders');
    await expect.poll(() => logger.info.mock.calls).toHaveLength(1);
  });

  it('stops trimming, and logs the cure, when Redis refuses it for good', async () => {
    const connection = new RecordingConnection(() => new Error('NOPERM no permission to run XLEN'));
    const trimming = trimmingOf(connection);
    trimming.written('orders');
    await expect.poll(() => logger.error.mock.calls).toHaveLength(1);
    nowMs = 5_000;
    trimming.written('orders');
    expect(connection.commands).toHaveLength(1);
  });

  it.each([
    ['the stream was deleted just now', 'XINFO', 'ERR no such key'],
    ['a group was destroyed just now', 'XPENDING', "NOGROUP No such key 'orders' or consumer group 'mail'"],
    ['the key of a topic is no stream', 'XLEN', 'WRONGTYPE Operation against a key'],
  ])('goes on trimming when %s', async (_, name, refusal) => {
    const group = { name: 'mail', pending: 1, lastDelivered: '9-0', oldest: '5-0' };
    const { connection } = streamOf(500, [group]);
    const answering = new RecordingConnection((command) =>
      command.startsWith(name) && command.includes('orders')
        ? new Error(refusal)
        : answerOf(connection, command),
    );
    const trimming = trimmingOf(answering);
    trimming.written('orders');
    await expect.poll(() => answering.commands.at(-1)).toContain(name);
    trimming.written('parcels');
    await expect.poll(() => trims(answering)).toStrictEqual(['XTRIM parcels MINID ~ 5-0 LIMIT 400']);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('goes on trimming other streams when this user may not access one', async () => {
    const { connection } = streamOf(500, [{ name: 'mail', pending: 0, lastDelivered: '9-0' }]);
    const answering = new RecordingConnection((command) =>
      command.includes('orders')
        ? new Error('NOPERM No permissions to access a key')
        : answerOf(connection, command),
    );
    const trimming = trimmingOf(answering);
    trimming.written('orders');
    await expect.poll(() => logger.error.mock.calls).toHaveLength(1);
    trimming.written('parcels');
    await expect.poll(() => trims(answering)).toStrictEqual(['XTRIM parcels MINID ~ 9-0 LIMIT 400']);
    const ofOrders = () => answering.commands.filter((command) => command.includes('orders'));
    nowMs = 3_599_000;
    trimming.written('orders');
    expect(ofOrders()).toHaveLength(1);
    nowMs = 3_600_000; // not for ever: a refused stream that is no longer written to must be forgotten
    trimming.written('orders');
    await expect.poll(ofOrders).toHaveLength(2);
  });

  it('goes on trimming after an outage, without a log entry', async () => {
    let isLoading = true;
    const connection = new RecordingConnection(() =>
      isLoading ? new Error('LOADING Redis is loading the dataset in memory') : 50,
    );
    const trimming = trimmingOf(connection);
    trimming.written('orders');
    await expect.poll(() => connection.commands).toHaveLength(1);
    isLoading = false;
    await expect
      .poll(() => {
        nowMs += 1_000;
        trimming.written('orders');
        return connection.commands.length;
      })
      .toBeGreaterThan(1);
    expect(logger.error).not.toHaveBeenCalled();
  });
});

it('forgets when it has trimmed streams that a program has made up and no longer writes to', async () => {
  const { connection } = streamOf(1);
  const trimming = trimmingOf(connection);
  for (let number = 0; number < 5_000; number += 1) {
    nowMs += 2;
    trimming.written(`course-${number}`);
    await Promise.resolve();
  }
  expect(trimming.size).toBeLessThanOrEqual(1_500);
});
