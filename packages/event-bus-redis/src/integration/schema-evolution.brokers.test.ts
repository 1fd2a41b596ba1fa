import { redisOrReason } from '@openedx-ts/brokers';
import { avroCodec, fingerprintOf } from '@openedx-ts/events-avro';
import {
  configureEvents,
  DateTime,
  datetime,
  double,
  list,
  long,
  optional,
  type PayloadFields,
  record,
  string,
  withDefault,
} from '@openedx-ts/events-core';
import { noTelemetry } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { DefinitionsBench, expectBothFingerprints } from './definitions.test-support.js';
import {
  add,
  type EntryField,
  eventually,
  itemFields,
  replaced,
  textOf,
} from './redis-bench.test-support.js';

const redis = await redisOrReason({ own: true });

const Old = record('Course', { name: string(), seats: long() });
const time = DateTime.from('2026-01-02T03:04:05.678901+00:00');
type Versions = readonly [
  what: string,
  written: PayloadFields,
  read: PayloadFields,
  sent: object,
  got: object,
];
const exchanged: readonly Versions[] = [
  [
    'a sender that has an optional field more, in the middle',
    { course: record('Course', { name: string(), org: optional(string()), seats: long() }) },
    { course: Old },
    { course: { name: 'a', org: 'edX', seats: 1 } },
    { course: { name: 'a', seats: 1 } },
  ],
  [
    'a sender that has a record more',
    { before: record('Before', { items: list(string()) }), course: Old },
    { course: Old },
    { before: { items: ['x', 'y'] }, course: { name: 'a', seats: 1 } },
    { course: { name: 'a', seats: 1 } },
  ],
  [
    'a sender that does not know a field with a default yet',
    { course: Old },
    { course: record('Course', { name: string(), mode: withDefault(string(), 'audit'), seats: long() }) },
    { course: { name: 'a', seats: 1 } },
    { course: { name: 'a', mode: 'audit', seats: 1 } },
  ],
  [
    'a sender that has dropped an optional field',
    { course: Old },
    { course: record('Course', { end: optional(datetime()), name: string(), seats: long() }) },
    { course: { name: 'a', seats: 1 } },
    { course: { end: null, name: 'a', seats: 1 } },
  ],
  [
    'fields in another order, at both levels',
    { at: datetime(), course: record('Course', { seats: long(), name: string() }) },
    { course: Old, at: datetime() },
    { at: time, course: { seats: 7, name: 'a' } },
    { course: { name: 'a', seats: 7 }, at: time },
  ],
  [
    'integers where we have floating point',
    { course: Old },
    { course: record('Course', { name: string(), seats: double() }) },
    { course: { name: 'a', seats: 3 } },
    { course: { name: 'a', seats: 3 } },
  ],
  [
    'a value where we have an optional one',
    { course: Old },
    { course: record('Course', { name: optional(string()), seats: long() }) },
    { course: { name: '', seats: 0 } },
    { course: { name: '', seats: 0 } },
  ],
];

const incompatible: readonly (readonly [string, PayloadFields, PayloadFields, object, RegExp])[] = [
  [
    'text where we have a number',
    { course: record('Course', { name: string(), seats: string() }) },
    { course: Old },
    { course: { name: 'a', seats: '1' } },
    /course\.seats/,
  ],
  [
    'without a field that we need',
    { course: record('Course', { name: string() }) },
    { course: Old },
    { course: { name: 'a' } },
    /seats/,
  ],
];

describe.skipIf(redis.reason !== undefined)(redis.titled('definitions that have changed, on Redis'), () => {
  const bench = new DefinitionsBench(redis);

  it.each(exchanged)('are exchanged: %s', async (_what, written, read, sent, got) => {
    const other = bench.versions.elsewhere(written);
    const { received } = bench.versions.here(read);
    await using _consumer = bench.consume();
    await bench.send(other, sent);
    await eventually(() => received).toEqual([got]);
    await eventually(bench.pending).toBe(0);
    expect(await bench.deadLetters()).toEqual([]);
  });

  it.each(incompatible)(
    'are a dead letter with both fingerprints: %s',
    async (_what, written, read, sent, path) => {
      const other = bench.versions.elsewhere(written);
      const { signal, received } = bench.versions.here(read);
      await using _consumer = bench.consume();
      await bench.send(other, sent);
      await bench.send(signal, { course: { name: 'b', seats: 2 } });
      await eventually(() => received).toEqual([{ course: { name: 'b', seats: 2 } }]);
      const [deadLetter] = await bench.deadLetters();
      expectBothFingerprints(deadLetter, other, signal, path);
      await eventually(bench.pending).toBe(0);
    },
  );

  it('are decoded by the schema of the sender, int and float included', async () => {
    const { received } = bench.versions.here({
      course: record('Course', { name: string(), seats: long(), score: double() }),
    });
    const fields = [
      { name: 'seats', type: 'int' },
      { name: 'score', type: 'float' },
      { name: 'name', type: 'bytes' },
    ];
    const text = JSON.stringify({
      ...{ type: 'record', name: 'CloudEvent' },
      fields: [{ name: 'course', type: { type: 'record', name: 'Course', fields } }],
    });
    await bench.client.hset(bench.hash, fingerprintOf(text), text);
    const score = Buffer.alloc(4);
    score.writeFloatLE(0.5);
    await addRecord(Buffer.concat([Buffer.from([0x0e]), score, Buffer.from('0261', 'hex')]), text);
    await using _consumer = bench.consume();
    await eventually(() => received).toEqual([{ course: { name: 'a', seats: 7, score: 0.5 } }]);
  });

  /** An entry of this test's type, with the fingerprint of a schema text if there is one. */
  const addRecord = (bytes: Buffer, text?: string, ...more: EntryField[]) => {
    const typed = replaced(itemFields(0), 'type', bench.versions.eventType);
    const fields = [...replaced(typed, 'event_data', bytes), ...more];
    return add(
      bench.client,
      bench.topic,
      text === undefined ? fields : replaced(fields, 'schema_fp', fingerprintOf(text)),
    );
  };

  it('of a newer minor version are decoded where a fingerprint names the schema, and refused where fields were added without one', async () => {
    const newer = bench.versions.elsewhere({ course: Old, added: string() }, 7);
    const minors: number[] = [];
    const { signal, received } = bench.versions.here({ course: Old });
    signal.connect(({ metadata }) => void minors.push(metadata.minorVersion));
    const data = { course: { name: 'a', seats: 1 }, added: 'x' };
    await using _consumer = bench.consume();
    await bench.send(newer, data);
    await eventually(() => received).toEqual([{ course: { name: 'a', seats: 1 } }]);
    expect(minors).toEqual([7]);
    await addRecord(Buffer.from(avroCodec().bind(newer).encode(data)));
    await eventually(bench.deadLetters).toHaveLength(1);
    const [deadLetter] = await bench.deadLetters();
    expect(textOf(deadLetter, 'dlq-message')).toMatch(/bytes after the end of the record/);
  });

  it('are counted where no fingerprint names the schema', async () => {
    const { signal, received } = bench.versions.here({ course: Old });
    const facts: string[] = [];
    using _settings = configureEvents({
      telemetry: { ...noTelemetry, record: ({ type }) => void facts.push(type) },
    });
    await addRecord(
      Buffer.from(
        avroCodec()
          .bind(signal)
          .encode({ course: { name: 'a', seats: 1 } }),
      ),
    );
    await using _consumer = bench.consume();
    await eventually(() => received).toHaveLength(1);
    expect(facts).toContain('event.unverified');
  });
});
