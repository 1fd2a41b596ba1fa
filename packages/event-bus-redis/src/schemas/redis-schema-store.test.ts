import { type Clock, configureEvents, InfrastructureError } from '@openedx-ts/events-core';
import type { Message } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordingConnection, type ScriptedReply } from '../driver/recording-connection.test-support.js';
import { RedisReplyError } from '../driver/redis-reply-error.js';
import { RedisSchemaStore } from './redis-schema-store.js';

const warn = vi.fn();
let nowMs = 0;
let restore: Disposable;

beforeEach(() => {
  nowMs = 0;
  warn.mockReset();
  const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, sleep: async () => {} };
  restore = configureEvents({ clock, logger: { debug() {}, info() {}, warn, error() {} } });
});
afterEach(() => restore[Symbol.dispose]());

function storeOn(reply: (command: string) => ScriptedReply, topicPrefix?: string) {
  const connection = new RecordingConnection(reply);
  return { store: new RedisSchemaStore(connection, topicPrefix), connection };
}
const schema = { fingerprint: 'abc', text: '"string"' };
const message = (fingerprint: string): Message => ({
  topic: 'orders',
  key: null,
  value: new Uint8Array(0),
  headers: [['schema_fp', Buffer.from(fingerprint)]],
});

describe('RedisSchemaStore', () => {
  it.each([
    [undefined, 'openedx-events-schemas'],
    ['dev', 'dev-openedx-events-schemas'],
  ])('keeps schemas with the prefix %s in the hash %s', async (prefix, hash) => {
    const { store, connection } = storeOn(() => Buffer.from('"string"'), prefix);
    await store.keep(schema);
    expect(await store.textOf('abc')).toBe('"string"');
    expect(connection.commands).toStrictEqual([`HSETNX ${hash} abc "string"`, `HGET ${hash} abc`]);
  });

  it('waits five seconds for a schema that is missing, then reports that there is none', async () => {
    const { store } = storeOn(() => null);
    await expect(store.textOf('abc')).rejects.toBeInstanceOf(InfrastructureError);
    nowMs = 4_999;
    await expect(store.textOf('abc')).rejects.toThrow('schema abc is not in the hash');
    nowMs = 5_000;
    expect(await store.textOf('abc')).toBeUndefined();
  });

  it('waits again for a schema that was there in the meantime', async () => {
    let reply: ScriptedReply = null;
    const { store } = storeOn(() => reply);
    await expect(store.textOf('abc')).rejects.toBeInstanceOf(InfrastructureError);
    reply = Buffer.from('"string"');
    expect(await store.textOf('abc')).toBe('"string"');
    reply = null;
    nowMs = 6_000;
    await expect(store.textOf('abc')).rejects.toBeInstanceOf(InfrastructureError);
  });

  it('lets a consumer try again when Redis refuses to read a schema', async () => {
    const { store } = storeOn(() => new Error('NOPERM no permission'));
    await expect(store.textOf('abc')).rejects.toBeInstanceOf(InfrastructureError);
  });

  it('finds the fingerprints of messages whose schemas it has written', async () => {
    const { store } = storeOn(() => 1);
    await store.keep(schema);
    expect(store.fingerprintsIn([message('abc'), message('abc'), message('other')])).toStrictEqual(['abc']);
  });

  it('writes a schema again that was deleted, and logs it', async () => {
    const { store, connection } = storeOn(() => 1);
    await store.keep(schema);
    await store.checkReply('abc', 1);
    expect(connection.commands).toHaveLength(1);
    await store.checkReply('abc', 0);
    expect(connection.commands[1]).toBe(connection.commands[0]);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ fingerprint: 'abc' }),
      'a schema was missing in Redis and was written again',
    );
  });

  it('logs once that it may not check whether schemas are stored', async () => {
    const { store } = storeOn(() => 1);
    const refusal = new RedisReplyError('NOPERM no permission', store.checkCommand('abc'));
    await store.checkReply('abc', refusal);
    await store.checkReply('abc', refusal);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.anything(),
      expect.stringContaining('grant it HEXISTS'),
    );
  });
});
