import { redisOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import {
  add,
  type EntryField,
  eventually,
  ITEM,
  itemBytes,
  itemFields,
  loggedLines,
  receivedItems,
  replaced,
  TAGS,
  textOf,
} from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

const redis = await redisOrReason();

const good = itemFields(1);
const withRecord = (bytes: Buffer) => replaced(good, 'event_data', bytes);
const ofType = (type: string, bytes: Buffer) => replaced(withRecord(bytes), 'type', type);
const nonUtf8 = Buffer.from([0xc3, 0x28, 0xff]);
/** 2^60 items follow. */
const hugeCount = Buffer.from('8080808080808080' + '20' + '00', 'hex');

const unusable = 'EVENTS_UNUSABLE_MESSAGE';
const undecodable = 'EVENTS_DECODING_FAILED';
const poison: readonly (readonly [what: string, fields: EntryField[], code: string, message: RegExp])[] = [
  ['no type', replaced(good, 'type'), unusable, /header type is missing/],
  ['an empty type', replaced(good, 'type', ''), unusable, /header type is missing/],
  ['a type that is no text', replaced(good, 'type', nonUtf8), unusable, /header type cannot be read/],
  ['two types', replaced(good, 'type', ITEM.eventType, 'x.v1'), unusable, /header type .* more than once/],
  ['no id', replaced(good, 'id'), unusable, /header id is missing/],
  ['an empty id', replaced(good, 'id', ''), unusable, /header id is missing/],
  ['an id that is no UUID', replaced(good, 'id', 'hunter2'), unusable, /header id cannot be read$/],
  ['no time but words', replaced(good, 'time', 'yesterday'), unusable, /header time cannot be read/],
  ['a time that is not UTC', replaced(good, 'time', '2026-01-02T03:04:05+01:00'), unusable, /header time/],
  ['a minor version in words', replaced(good, 'minorversion', 'one'), unusable, /header minorversion/],
  ['a version with a suffix', replaced(good, 'sourcelib', '1.0.0-rc.1'), unusable, /header sourcelib/],
  ['a source that is no text', replaced(good, 'source', nonUtf8), unusable, /header source cannot be read/],
  [
    'a fingerprint that is none',
    replaced(good, 'schema_fp', 'xyz'),
    unusable,
    /header schema_fp is not a SHA-256/,
  ],
  ['two fingerprints', replaced(good, 'schema_fp', 'a', 'b'), unusable, /schema_fp .* more than once/],
  ['nothing but unknown fields', [['x', 'y']], unusable, /header type is missing/],
  ['a field without a name', [['', 'y']], unusable, /header type is missing/],
  ['no record', replaced(good, 'event_data'), undecodable, /item\.name.*(?:end|short|miss)/i],
  ['an empty record', withRecord(Buffer.alloc(0)), undecodable, /item\.name/],
  ['a record that is no Avro', withRecord(Buffer.from('{"item": 1}')), undecodable, /item/],
  ['a truncated record', withRecord(itemBytes(300).subarray(0, -1)), undecodable, /item\.number/],
  [
    'trailing bytes',
    withRecord(Buffer.concat([itemBytes(1), Buffer.from([0])])),
    undecodable,
    /bytes after the end of the record/,
  ],
  ['an integer beyond 2^53', withRecord(Buffer.from('0261feffffffffffffff7f', 'hex')), undecodable, /number/],
  ['a length beyond the record', withRecord(Buffer.from('feffffff0f', 'hex')), undecodable, /item\.name/],
  ['text that is no UTF-8', withRecord(Buffer.from('04c32802', 'hex')), undecodable, /item\.name/],
  ['an enormous count', ofType(TAGS.eventType, hugeCount), undecodable, /tags/],
  ['a negative count', ofType(TAGS.eventType, Buffer.from('0100', 'hex')), undecodable, /tags/],
];

describe.skipIf(redis.reason !== undefined)(redis.titled('malformed entries'), () => {
  const bench = new RedisTestServer(redis, 'broken');

  it.each(poison)(
    '%s: a dead letter that says so, and the next event',
    async (_what, fields, code, message) => {
      using received = receivedItems();
      const position = await add(bench.client, bench.topic, fields);
      await add(bench.client, bench.topic, itemFields(2));
      await using _consumer = bench.consume();
      await eventually(() => received.numbers).toEqual([2]);
      await eventually(bench.pending).toBe(0);
      const [deadLetter, ...more] = await bench.deadLetters();
      expect(more).toEqual([]);
      expect(textOf(deadLetter, 'dlq-code')).toBe(code);
      expect(textOf(deadLetter, 'dlq-message')).toMatch(message);
      expect(textOf(deadLetter, 'dlq-message')).not.toMatch(/hunter2/);
      expect(textOf(deadLetter, 'dlq-source')).toBe(`${bench.topic}@${position}`);
      expect(deadLetter).toEqual(
        expect.arrayContaining(fields.map(([name, value]) => [name, Buffer.from(value)])),
      );
    },
  );

  it('with missing or empty fields that Python does not need either are processed, and those fields marked', async () => {
    const optional = ['source', 'time', 'minorversion', 'sourcehost', 'sourcelib'];
    const missing = good.filter(([name]) => !optional.includes(name));
    const empty = good.map(([name, value]): EntryField => [name, optional.includes(name) ? '' : value]);
    const defaulted: (readonly string[])[] = [];
    using _connection = ITEM.connect(({ metadata }) => void defaulted.push(metadata.defaulted));
    await add(bench.client, bench.topic, missing);
    await add(bench.client, bench.topic, empty);
    await using _consumer = bench.consume();
    const all = ['source', 'time', 'minorVersion', 'sourceHost', 'sourceLib'];
    await eventually(() => defaulted).toEqual([all, all]);
    expect(await bench.deadLetters()).toEqual([]);
  });

  it('with unknown fields of any bytes are processed', async () => {
    using received = receivedItems();
    await add(bench.client, bench.topic, [...good, ['x-other', nonUtf8], ['x-other', ''], ['', '']]);
    await using _consumer = bench.consume();
    await eventually(() => received.numbers).toEqual([1]);
  });

  it('with the same event id are both delivered', async () => {
    using received = receivedItems();
    const twin = replaced(itemFields(2), 'id', ...good.filter(([name]) => name === 'id').map(([, id]) => id));
    await add(bench.client, bench.topic, good);
    await add(bench.client, bench.topic, twin);
    await using _consumer = bench.consume();
    await eventually(() => received.numbers).toEqual([1, 2]);
    expect(new Set(received.ids).size).toBe(1);
  });

  it('of a type that is not loaded are skipped with one warning', async () => {
    using logged = loggedLines();
    using received = receivedItems();
    for (const _ of [1, 2])
      await add(bench.client, bench.topic, replaced(good, 'type', 'org.example.unknown.v1'));
    await add(bench.client, bench.topic, itemFields(2));
    await using _consumer = bench.consume();
    await eventually(() => received.numbers).toEqual([2]);
    await eventually(bench.pending).toBe(0);
    expect(logged.lines.filter((line) => /not loaded.*org\.example\.unknown\.v1/.test(line))).toHaveLength(1);
    expect(await bench.deadLetters()).toEqual([]);
  });

  it('of a type that is not loaded are dead-lettered where that is the policy', async () => {
    using received = receivedItems();
    await add(bench.client, bench.topic, replaced(good, 'type', 'org.example.unknown.v1'));
    await add(bench.client, bench.topic, itemFields(2));
    await using _consumer = bench.consume({ unknownType: 'dead-letter' });
    await eventually(() => received.numbers).toEqual([2]);
    const [deadLetter] = await bench.deadLetters();
    expect(textOf(deadLetter, 'dlq-message')).toMatch(/org\.example\.unknown\.v1: import the module/);
  });

  it.each([{ unknownType: 'stop' }, { onFailure: 'stop' }] as const)(
    'stop the consumer where that is the policy, and are left: %j',
    async (policy) => {
      using received = receivedItems();
      await add(bench.client, bench.topic, itemFields(1));
      await add(
        bench.client,
        bench.topic,
        'unknownType' in policy ? replaced(good, 'type', 'x.v1') : withRecord(nonUtf8),
      );
      await add(bench.client, bench.topic, itemFields(2));
      await using stopped = bench.consume(policy);
      const failure = await stopped.failed();
      expect(failure).toMatchObject({ name: 'ConsumerFailedError', code: 'EVENTS_CONSUMER_FAILED' });
      expect(received.numbers).toEqual([1]);
      expect(await bench.pending()).toBe(2);
      expect(await bench.deadLetters()).toEqual([]);
    },
  );

  it('are acknowledged with an error in the log where the policy is that of Python', async () => {
    using logged = loggedLines();
    using received = receivedItems();
    await add(bench.client, bench.topic, withRecord(nonUtf8));
    await add(bench.client, bench.topic, itemFields(2));
    await using _consumer = bench.consume({ onFailure: 'drop' });
    await eventually(() => received.numbers).toEqual([2]);
    await eventually(bench.pending).toBe(0);
    expect(logged.lines.join('\n')).toMatch(/error an event was dropped/);
    expect(await bench.deadLetters()).toEqual([]);
  });

  it('by which Python creates a stream are acknowledged and not logged', async () => {
    using received = receivedItems();
    await bench.client.xadd(bench.topic, '0-1', '', '');
    await add(bench.client, bench.topic, good);
    await using _consumer = bench.consume();
    await eventually(() => received.numbers).toEqual([1]);
    await eventually(bench.pending).toBe(0);
    expect(await bench.deadLetters()).toEqual([]);
  });
});
