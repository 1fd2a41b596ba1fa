import { readFileSync } from 'node:fs';
import {
  avroCodec,
  fingerprintOf,
  type RecordJson,
  recordFromJson,
  recordToJson,
  schemaOf,
} from '@openedx-ts/events-avro';
import {
  boolean,
  bytes,
  defineSignal,
  double,
  list,
  long,
  map,
  type OpenEdxPublicSignal,
  optional,
  type PayloadFields,
  record,
  string,
  withDefault,
} from '@openedx-ts/events-core';
import { DecodingFailedError, IncompatibleSchemaError } from '@openedx-ts/events-core/bus';
import { isInteger, parse } from 'lossless-json';
import { describe, expect, it } from 'vitest';

/** What interop/scripts/make-avro-vectors.py wrote with fastavro. */
interface Vectors {
  readonly vectors: Readonly<
    Record<
      string,
      { readonly schema: string; readonly vectors: readonly { record: RecordJson; hex: string }[] }
    >
  >;
  readonly resolutions: Readonly<
    Record<string, { writer: string; hex: string; record?: RecordJson; refused?: string }>
  >;
}

const made = parse(
  readFileSync(new URL('../data/golden/avro-vectors.json', import.meta.url), 'utf8'),
  (_key, value) => (isSpecialDouble(value) ? Number(value.$double) : value),
  { parseNumber: exactNumber },
) as Vectors;

const Inner = record('Inner', { text: optional(string()), number: optional(long()) });

/** Our shapes of the schemas in the script. */
const shapes: Readonly<Record<string, PayloadFields>> = {
  bytes: { items: list(bytes()) },
  doubles: { items: list(double()) },
  longs: { items: list(long()) },
  optionals: { outer: record('Outer', { inner: optional(Inner), list: optional(list(Inner)) }) },
  maps: { labels: map(string()), counts: map(list(map(long()))) },
  texts: { items: list(string()) },
  booleans: { items: list(boolean()) },
};

/** Our shapes of the readers in the script. A payload key is always there, so what may be absent is in a record. */
const readers: Readonly<Record<string, PayloadFields>> = {
  removed: { a: long() },
  'required-added': { a: long(), b: long() },
  reordered: { b: string(), a: long() },
  'int-to-long': { a: long() },
  'int-to-double': { a: double() },
  'long-to-double': { a: double() },
  'float-to-double': { a: double() },
  'string-to-bytes': { a: bytes() },
  'bytes-to-string': { a: string() },
  'double-to-long': { a: long() },
  'string-to-long': { a: long() },
  'long-to-string': { a: string() },
  'optional-added': { r: record('R', { a: long(), b: optional(string()) }) },
  'default-added': { r: record('R', { a: long(), b: withDefault(long(), 7) }) },
  'required-to-nullable': { a: record('A', { b: optional(long()) }) },
  'nullable-to-required': { a: record('A', { b: long() }) },
  'null-to-required': { a: record('A', { b: long() }) },
  'nested-renamed': { a: record('New', { b: long() }) },
  'nested-in-lists': {
    a: list(record('A', { b: map(record('B', { z: string(), w: optional(string()) })) })),
  },
};

describe('the codec against bytes of fastavro', () => {
  it('has a shape for every schema', () => {
    expect(Object.keys(made.vectors)).toStrictEqual(Object.keys(shapes));
    expect(new Set(Object.keys(made.resolutions))).toStrictEqual(new Set(Object.keys(readers)));
  });

  it.each(Object.entries(made.vectors))('agrees on %s', (name, { schema, vectors }) => {
    const { namespace } = JSON.parse(schema) as { readonly namespace: string };
    const signal = define(namespace, shapes[name] as PayloadFields);
    const codec = avroCodec({ unsafeIntegers: 'bigint' }).bind(signal);
    expect(schemaOf(signal).text).toBe(schema);
    for (const { record, hex } of vectors) {
      expect(Buffer.from(codec.encode(recordFromJson(signal, record))).toString('hex')).toBe(hex);
      expect(recordToJson(signal, codec.decode(Buffer.from(hex, 'hex'), null))).toStrictEqual(record);
    }
  });

  it.each(Object.entries(made.resolutions))('resolves as fastavro does: %s', (name, vector) => {
    const { namespace } = JSON.parse(vector.writer) as { readonly namespace: string };
    const signal = define(namespace, readers[name] as PayloadFields);
    const codec = avroCodec().bind(signal);
    const writer = { text: vector.writer, fingerprint: fingerprintOf(vector.writer) };
    const read = () => codec.decode(Buffer.from(vector.hex, 'hex'), writer);
    if (vector.record === undefined) {
      expect(read).toThrow(name === 'null-to-required' ? DecodingFailedError : IncompatibleSchemaError);
    } else {
      expect(recordToJson(signal, read())).toStrictEqual(vector.record);
    }
  });
});

function define(eventType: string, data: PayloadFields): OpenEdxPublicSignal {
  return defineSignal({ eventType, irregularEventType: 'made by a script', data });
}

function exactNumber(text: string): number | bigint {
  if (!isInteger(text) || Number.isSafeInteger(Number(text))) return Number(text);
  return BigInt(text);
}

function isSpecialDouble(value: unknown): value is { readonly $double: string } {
  return typeof value === 'object' && value !== null && '$double' in value;
}
