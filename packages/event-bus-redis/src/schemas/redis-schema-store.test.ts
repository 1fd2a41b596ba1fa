import { fingerprintOf } from '@openedx-ts/events-avro';
import { type Clock, configureEvents, InfrastructureError } from '@openedx-ts/events-core';
import { type Message, UnusableMessageError } from '@openedx-ts/events-core/bus';
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
const text = '"string"';
const fingerprint = fingerprintOf(text);
const schema = { fingerprint, text };
/** What Redis replies while a hash has this text for each fingerprint. */
function storedReply(
  command: string,
  stored: string | undefined,
  isNew = stored === text ? 1 : 0,
): ScriptedReply {
  if (command.startsWith('HSTRLEN')) return stored?.length ?? 0;
  if (command.startsWith('HGET')) return stored === undefined ? null : Buffer.from(stored);
  return isNew;
}
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
    const { store, connection } = storeOn((command) => storedReply(command, text), prefix);
    await store.keep(schema);
    expect(await store.textOf(fingerprint)).toBe(text);
    expect(connection.commands).toStrictEqual([
      `HSETNX ${hash} ${fingerprint} "string"`,
      `HSTRLEN ${hash} ${fingerprint}`,
      `HGET ${hash} ${fingerprint}`,
    ]);
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
    let stored: string | undefined;
    const { store } = storeOn((command) => storedReply(command, stored));
    await expect(store.textOf(fingerprint)).rejects.toBeInstanceOf(InfrastructureError);
    stored = text;
    expect(await store.textOf(fingerprint)).toBe(text);
    stored = undefined;
    nowMs = 6_000;
    await expect(store.textOf(fingerprint)).rejects.toBeInstanceOf(InfrastructureError);
  });

  it('waits once for any number of schemas that never come', async () => {
    const { store } = storeOn(() => null);
    await expect(store.textOf('made up')).rejects.toBeInstanceOf(InfrastructureError);
    nowMs = 5_000;
    for (let index = 0; index < 1_000; index += 1)
      expect(await store.textOf(`made up ${index}`)).toBeUndefined();
  });

  it('waits for a producer to replace a wrong text, then returns it', async () => {
    const { store } = storeOn((command) => storedReply(command, 'another'));
    await expect(store.textOf(fingerprint)).rejects.toThrow(/has a wrong text in the hash/);
    nowMs = 5_000;
    expect(await store.textOf(fingerprint)).toBe('another');
  });

  it('does not read a text that is too long', async () => {
    const { store, connection } = storeOn((command) => (command.startsWith('HSTRLEN') ? 300_000_000 : null));
    await expect(store.textOf(fingerprint)).rejects.toBeInstanceOf(InfrastructureError);
    nowMs = 5_000;
    await expect(store.textOf(fingerprint)).rejects.toBeInstanceOf(UnusableMessageError);
    await expect(store.textOf(fingerprint)).rejects.toThrow(/has 300000000 bytes: at most 1000000/);
    expect(connection.commands.filter((command) => command.startsWith('HGET'))).toStrictEqual([]);
  });

  it.each(['another text', 'another!'])(
    'replaces a wrong text, of another length or of the same: %s',
    async (wrong) => {
      const { store, connection } = storeOn((command) => storedReply(command, wrong));
      await store.keep(schema);
      expect(connection.commands.at(-1)).toBe(`HSET openedx-events-schemas ${fingerprint} "string"`);
      expect(warn).toHaveBeenCalledExactlyOnceWith(
        expect.objectContaining({ fingerprint }),
        'a schema had a wrong text in Redis and was written again',
      );
    },
  );

  it('keeps a schema that is stored already, and one that it may not look at', async () => {
    const { store, connection } = storeOn((command) => storedReply(command, text, 0));
    await store.keep(schema);
    expect(connection.commands.map((command) => command.split(' ', 1)[0])).toStrictEqual([
      'HSETNX',
      'HSTRLEN',
      'HGET',
    ]);
    const refusing = storeOn((command) =>
      command.startsWith('HSETNX') ? 0 : new Error('NOPERM no permission'),
    );
    await refusing.store.keep(schema);
    expect(warn).not.toHaveBeenCalled();
  });

  it('replaces a text that has changed since, and logs when it may not', async () => {
    let refusal: Error | undefined;
    const { store, connection } = storeOn((command) => (command.startsWith('HSET ') && refusal) || 1);
    await store.keep(schema);
    await store.checkReply(fingerprint, 8);
    expect(connection.commands).toHaveLength(1);
    await store.checkReply(fingerprint, 9);
    expect(connection.commands.at(-1)).toBe(`HSET openedx-events-schemas ${fingerprint} "string"`);
    refusal = new Error('NOPERM no permission');
    await store.checkReply(fingerprint, 9);
    expect(warn.mock.calls.map(([, message]) => message)).toStrictEqual([
      'a schema had a wrong text in Redis and was written again',
      expect.stringContaining('grant this producer HSET'),
    ]);
  });

  it('lets a consumer try again when Redis refuses to read a schema', async () => {
    const { store } = storeOn(() => new Error('NOPERM no permission'));
    await expect(store.textOf('abc')).rejects.toBeInstanceOf(InfrastructureError);
  });

  it('finds the fingerprints of messages whose schemas it has written', async () => {
    const { store } = storeOn(() => 1);
    await store.keep(schema);
    expect(
      store.fingerprintsIn([message(fingerprint), message(fingerprint), message('other')]),
    ).toStrictEqual([fingerprint]);
  });

  it('writes a schema again that was deleted, and logs it', async () => {
    const { store, connection } = storeOn(() => 1);
    await store.keep(schema);
    await store.checkReply(fingerprint, text.length);
    expect(connection.commands).toHaveLength(1);
    await store.checkReply(fingerprint, 0);
    expect(connection.commands[1]).toBe(connection.commands[0]);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ fingerprint }),
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
      expect.stringContaining('grant it HSTRLEN'),
    );
  });
});

describe('RedisSchemaStore, where a process publishes events of very many schemas', () => {
  const schemas = Array.from({ length: 5_000 }, (_, number) => ({
    fingerprint: `f${number}`,
    text: `"s${number}"`,
  }));

  it('does not keep the text of each, and checks those that are used', async () => {
    const { store } = storeOn(() => 1);
    for (const each of schemas) {
      await store.keep(each);
      expect(store.fingerprintsIn([message('f0')])).toEqual(['f0']);
    }
    const checked = store.fingerprintsIn(schemas.map(({ fingerprint }) => message(fingerprint)));
    expect(checked).toHaveLength(2_000);
    expect(checked).toContain('f0');
    expect(checked).toContain('f4999');
  });

  it('does not fail when the text was dropped between a check and its reply', async () => {
    const { store, connection } = storeOn(() => 1);
    for (const each of schemas) await store.keep(each);
    const before = connection.commands.length;
    await store.checkReply('f0', 0);
    await store.checkReply('f0', 4);
    expect(connection.commands).toHaveLength(before);
  });
});
