import {
  boolean,
  bytes,
  datetime,
  defineSignal,
  double,
  type Issue,
  list,
  long,
  map,
  type OpenEdxPublicSignal,
  optional,
  record,
  type Shape,
  string,
  uuid,
  withDefault,
} from '@openedx-ts/events-core';
import { checkOf, type ValueShape } from '@openedx-ts/events-core/bus';
import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordFromJson } from '../record/record-from-json.js';
import { recordToJson } from '../record/record-to-json.js';
import { schemaOf, writerSchema } from '../schema/schema-of.js';
import { avroCodec } from './avro-codec.js';

/** A shape, with how to make values of it. */
interface Sample<S extends Shape = Shape> {
  readonly shape: S;
  readonly value: fc.Arbitrary<unknown>;
}

let names = 0;
const name = () => {
  names += 1;
  return `R${names}`;
};

const key = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => text !== '__proto__');
const leaves: fc.Arbitrary<Sample<ValueShape>> = fc.constantFrom(
  { shape: string(), value: fc.string({ unit: 'grapheme', maxLength: 200 }) },
  { shape: boolean(), value: fc.boolean() },
  { shape: double(), value: fc.double() },
  { shape: bytes(), value: fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes)) },
  { shape: uuid(), value: fc.uuid() },
  {
    shape: datetime(),
    value: fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }),
  },
  { shape: long(), value: fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -70, max: 70 })) },
  { shape: long(), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
);

const { value: valueShape } = fc.letrec<{ value: Sample<ValueShape>; record: Sample<ValueShape> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaves,
    tie('value').map(({ shape, value }) => ({
      shape: list(shape),
      value: fc.array(value, { maxLength: 4 }),
    })),
    tie('value').map(({ shape, value }) => ({
      shape: map(shape),
      value: fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }),
    })),
    tie('record'),
  ),
  record: fc
    .uniqueArray(
      fc.tuple(
        fc.constantFrom('a', 'b', 'c', 'valueOf', 'class', '_id', 't0'),
        tie('value'),
        fc.constantFrom('required', 'optional', 'default'),
        fc.infiniteStream(fc.nat(1000)),
      ),
      { selector: ([field]) => field, minLength: 1, maxLength: 5 },
    )
    .map((fields) => {
      const samples = fields.map(([field, sample, kind]) => [field, fieldOf(sample, kind)] as const);
      return {
        shape: record(name(), Object.fromEntries(samples.map(([field, { shape }]) => [field, shape]))),
        value: fc.record(Object.fromEntries(samples.map(([field, { value }]) => [field, value]))),
      };
    }),
}));

function fieldOf({ shape, value }: Sample<ValueShape>, kind: 'required' | 'optional' | 'default'): Sample {
  if (kind === 'optional') return { shape: optional(shape), value: fc.option(value) };
  const isPlain = shape.kind === 'string';
  return kind === 'default' && isPlain
    ? { shape: withDefault(shape, 'x' as never), value }
    : { shape, value };
}

let signals = 0;
/** A signal of a random shape, and checked data for it. */
const event = valueShape.chain(({ shape, value }) => {
  signals += 1;
  const signal = defineSignal({
    eventType: `org.example.random.shape.made.v${signals}`,
    data: { payload: shape },
  }) as unknown as OpenEdxPublicSignal;
  return value.map((payload) => {
    const issues: Issue[] = [];
    const data = checkOf(signal.shape, { unsafeIntegers: 'bigint' })({ payload }, issues) as object;
    expect(issues).toStrictEqual([]);
    return { signal, data };
  });
});

const codec = avroCodec({ unsafeIntegers: 'bigint' });
const runs = { numRuns: 300 };

describe('the codec over random shapes and data', () => {
  it('decodes what it encoded', () => {
    fc.assert(
      fc.property(event, ({ signal, data }) => {
        const bound = codec.bind(signal);
        expect(bound.decode(bound.encode(data), null)).toStrictEqual(data);
      }),
      runs,
    );
  });

  it('decodes what it encoded through the resolver, and skips fields that the reader does not know', () => {
    let readers = 0;
    fc.assert(
      fc.property(event, ({ signal, data }) => {
        const bound = codec.bind(signal);
        // Another text of the same schema: no fingerprint agrees, so it is resolved.
        const writer = writerSchema(JSON.stringify(schemaOf(signal).json));
        expect(bound.decode(bound.encode(data), writer)).toStrictEqual(data);

        readers += 1;
        const blind = defineSignal({
          eventType: `org.example.random.shape.read.v${readers}`,
          data: { payload: record('Blind', { extra: optional(long()) }) },
        }) as unknown as OpenEdxPublicSignal;
        const fields = [
          {
            name: 'payload',
            type: { type: 'record', name: 'Blind', fields: schemaOf(signal).json.fields },
          },
        ];
        const outer = writerSchema(JSON.stringify({ type: 'record', name: 'CloudEvent', fields }));
        expect(codec.bind(blind).decode(bound.encode(data), outer)).toStrictEqual({
          payload: { extra: null },
        });
      }),
      runs,
    );
  });

  it('reads data back from its record dictionary', () => {
    fc.assert(
      fc.property(event, ({ signal, data }) => {
        expect(recordFromJson(signal, recordToJson(signal, data))).toStrictEqual(data);
      }),
      runs,
    );
  });

  it('writes what plain avsc reads', () => {
    fc.assert(
      fc.property(event, ({ signal, data }) => {
        const json = { ...schemaOf(signal).json };
        const type = avro.Type.forSchema(json as unknown as avro.Schema, {
          registry: { long: bigLongType() },
          wrapUnions: 'never',
        });
        const read = type.fromBuffer(Buffer.from(codec.bind(signal).encode(data))) as object;
        expect(plain(read)).toStrictEqual(recordToJson(signal, data));
      }),
      runs,
    );
  });

  it('decodes bytes only to data that has the same bytes, and fails only with its own errors', () => {
    fc.assert(
      fc.property(
        event,
        fc.uint8Array({ maxLength: 60 }),
        fc.nat(),
        fc.nat(255),
        ({ signal, data }, noise, at, byte) => {
          const bound = codec.bind(signal);
          const mutated = Uint8Array.from(bound.encode(data));
          if (mutated.length > 0) mutated[at % mutated.length] = byte;
          for (const bytes of [noise, mutated]) {
            try {
              const read = bound.decode(bytes, null);
              expect(bound.decode(bound.encode(read), null)).toStrictEqual(read);
            } catch (error) {
              expect(error).toMatchObject({ code: 'EVENTS_DECODING_FAILED' });
            }
          }
        },
      ),
      runs,
    );
  });
});

/** avsc's documented way to int64, which is independent of ours. */
function bigLongType(): avro.Type {
  return avro.types.LongType.__with({
    fromBuffer: (buffer: Buffer) => {
      const value = buffer.readBigInt64LE();
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    },
    toBuffer: () => Buffer.alloc(8),
    fromJSON: BigInt,
    toJSON: Number,
    isValid: (value: unknown) => typeof value === 'number' || typeof value === 'bigint',
    compare: () => 0,
  });
}

/** What avsc read, in the record form. */
function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  if (Array.isArray(value)) return Array.from(value, plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
