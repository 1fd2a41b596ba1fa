import {
  boolean,
  bytes,
  DateTime,
  datetime,
  defineSignal,
  double,
  enumeration,
  list,
  long,
  map,
  optional,
  type PayloadFields,
  record,
  string,
  withDefault,
} from '@openedx-ts/events-core';
import { type BoundCodec, DecodingFailedError, IncompatibleSchemaError } from '@openedx-ts/events-core/bus';
import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import { writerSchema } from '../schema/schema-of.js';
import { avroCodec } from './avro-codec.js';

let count = 0;
function bound(data: PayloadFields, options?: Parameters<typeof avroCodec>[0]): BoundCodec {
  count += 1;
  const signal = defineSignal({ eventType: `org.example.library.book.resolved.v${count}`, data });
  return avroCodec(options).bind(signal as never);
}

/** Writes with avsc under a schema of its own, and reads with ours. */
function resolve(codec: BoundCodec, fields: object[], data: object, more: object = {}): object {
  const schema = { type: 'record', name: 'CloudEvent', namespace: 'org.example.other', ...more, fields };
  const record = avro.Type.forSchema({ ...schema, namespace: 'legal' } as avro.Schema).toBuffer(data);
  return codec.decode(record, writerSchema(JSON.stringify(schema)));
}

const field = (name: string, type: unknown) => ({ name, type });
const recordType = (name: string, fields: object[]) => ({ type: 'record', name, fields });

describe('decoding what another schema wrote', () => {
  it('skips unknown fields of every type', () => {
    const Deep = recordType('Deep', [
      field('constructor', 'string'),
      field('next', ['null', 'Deep']),
      field('map', { type: 'map', values: { type: 'array', items: ['null', 'long', 'string'] } }),
      field('fixed', { type: 'fixed', name: 'Sixteen', size: 4 }),
      field('enum', { type: 'enum', name: 'Choice', symbols: ['A', 'B'] }),
      field('again', 'Sixteen'),
      field('numbers', { type: 'array', items: 'double' }),
      field('float', 'float'),
      field('bytes', 'bytes'),
    ]);
    const deep = {
      constructor: 'x',
      next: null,
      map: { a: [null, 1, 'x'] },
      fixed: Buffer.alloc(4),
      enum: 'B',
      again: Buffer.alloc(4),
      numbers: [1.5],
      float: 0.5,
      bytes: Buffer.from('x'),
    };
    const fields = [field('valueOf', Deep), field('id', 'long'), field('last', 'Deep')];
    const schema = recordType('CloudEvent', fields);
    const record_ = avro.Type.forSchema(schema as avro.Schema, { wrapUnions: 'never' }).toBuffer({
      valueOf: deep,
      id: 5,
      last: { ...deep, next: deep },
    });
    const codec = bound({ id: long() });
    expect(codec.decode(record_, writerSchema(JSON.stringify(schema)))).toStrictEqual({ id: 5 });
  });

  it('skips integers beyond the safe range in fields that it does not know', () => {
    const writer = bound(
      { id: long(), more: record('More', { size: long() }) },
      { unsafeIntegers: 'bigint' },
    );
    const schema = writerSchema(JSON.stringify({ ...JSON.parse(writer.schema.text), namespace: 'legal' }));
    const written = writer.encode({ id: 5, more: { size: 2n ** 60n } });
    expect(bound({ id: long() }).decode(written, schema)).toStrictEqual({ id: 5 });
    expect(() => bound({ more: record('More', { size: long() }) }).decode(written, schema)).toThrow(
      /at more\.size: an integer is beyond/,
    );
  });

  it('gives each event bytes of its own where a default takes their place', () => {
    const codec = bound({
      book: record('Book', {
        id: long(),
        cover: withDefault(bytes(), Uint8Array.of(1)),
        pages: withDefault(list(bytes()), [Uint8Array.of(1)]),
      }),
    });
    const read = () => {
      const fields = [field('book', recordType('Book', [field('id', 'long')]))];
      return resolve(codec, fields, { book: { id: 5 } }) as {
        readonly book: { readonly cover: Uint8Array; readonly pages: readonly Uint8Array[] };
      };
    };
    const { cover, pages } = read().book;
    cover[0] = 9;
    (pages[0] as Uint8Array)[0] = 9;
    expect(read()).toStrictEqual({ book: { id: 5, cover: Uint8Array.of(1), pages: [Uint8Array.of(1)] } });
  });

  it('fills in null and defaults for fields that the writer lacks', () => {
    const codec = bound({
      book: record('Book', {
        id: long(),
        title: optional(string()),
        at: withDefault(datetime(), '2026-01-02T03:04:05+00:00'),
        tags: withDefault(list(string()), ['new']),
        price: withDefault(record('Price', { amount: long() }), { amount: 3 }),
      }),
    });
    const written = resolve(codec, [field('book', recordType('Book', [field('id', 'long')]))], {
      book: { id: 7 },
    });
    expect(written).toStrictEqual({
      book: {
        id: 7,
        title: null,
        at: DateTime.from('2026-01-02T03:04:05+00:00'),
        tags: ['new'],
        price: { amount: 3 },
      },
    });
    expect(Object.getPrototypeOf((written as { book: object }).book)).toBe(Object.prototype);
  });

  it('accepts fields in another order, a namespace with hyphens, and names with their namespace', () => {
    const codec = bound({ book: record('Book', { id: long(), title: string() }) });
    const Book = { ...recordType('Book', [field('title', 'string'), field('id', 'long')]), namespace: 'a.b' };
    const schema = {
      ...recordType('CloudEvent', [field('extra', 'long'), field('book', Book)]),
      namespace: 'org.redemption-reversed.v1',
    };
    const writer = writerSchema(JSON.stringify(schema));
    expect(codec.decode(Buffer.from('0202610a', 'hex'), writer)).toStrictEqual({
      book: { id: 5, title: 'a' },
    });
  });

  it('promotes numbers, text and bytes', () => {
    const codec = bound({ a: long(), b: double(), c: double(), d: double(), e: string(), f: bytes() });
    const fields = [
      field('a', 'int'),
      field('b', 'int'),
      field('c', 'long'),
      field('d', 'float'),
      field('e', 'bytes'),
      field('f', 'string'),
    ];
    const data = { a: -5, b: 7, c: -12345678901, d: 0.5, e: Buffer.from('é'), f: 'é' };
    expect(resolve(codec, fields, data)).toStrictEqual({ ...data, e: 'é', f: Uint8Array.from(data.e) });
  });

  it('promotes a long to the nearest double without losing its sign', () => {
    const exact = bound({ n: long() }, { unsafeIntegers: 'bigint' });
    const codec = bound({ n: double() }, { unsafeIntegers: 'bigint' });
    const writer = writerSchema(JSON.stringify(recordType('CloudEvent', [field('n', 'long')])));
    for (const n of [-(2n ** 52n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)])
      expect(codec.decode(exact.encode({ n }), writer)).toStrictEqual({ n: Number(n) });
  });

  it('refuses bytes read as text that are not UTF-8', () => {
    const codec = bound({ e: string() });
    expect(() => resolve(codec, [field('e', 'bytes')], { e: Buffer.from([0xff]) })).toThrow(
      DecodingFailedError,
    );
  });

  it('lets the data decide which branch of a union is read', () => {
    const codec = bound({ r: record('R', { a: string(), b: optional(long()), c: list(long()) }) });
    const fields = [
      field(
        'r',
        recordType('R', [
          field('a', ['null', 'string', 'bytes']),
          field('b', ['string', 'int', 'null']),
          field('c', { type: 'array', items: ['null', 'long'] }),
        ]),
      ),
    ];
    const writer = writerSchema(JSON.stringify(recordType('CloudEvent', fields)));
    const decode = (hex: string) => codec.decode(Buffer.from(hex, 'hex'), writer);
    expect(decode('02 0278 02 0a 02 0206 00'.replaceAll(' ', ''))).toStrictEqual({
      r: { a: 'x', b: 5, c: [3] },
    });
    expect(decode('04 0279 04 00'.replaceAll(' ', ''))).toStrictEqual({ r: { a: 'y', b: null, c: [] } });
    expect(() => decode('00 04 00'.replaceAll(' ', ''))).toThrow(/at r\.a: the writer used a union branch/);
    expect(() => decode('02 0278 00 0261 00'.replaceAll(' ', ''))).toThrow(/at r\.b: /);
    expect(() => decode('02 0278 04 02 00 00'.replaceAll(' ', ''))).toThrow(/at r\.c\.0: /);
  });

  it('reads one record type of the writer at several fields', () => {
    const codec = bound({
      a: record('User', { id: long() }),
      b: optionalUser(),
    });
    const User = recordType('User', [field('name', 'string'), field('id', 'int')]);
    const data = { a: { name: 'x', id: 1 }, b: { user: { name: 'y', id: 2 } } };
    const Box = recordType('Box', [field('user', 'User')]);
    expect(resolve(codec, [field('a', User), field('b', Box)], data)).toStrictEqual({
      a: { id: 1 },
      b: { user: { id: 2 } },
    });
  });

  it('checks custom values, and reads maps and lists of records', () => {
    const codec = bound({
      state: enumeration(['on', 'off']),
      users: map(list(record('User', { at: datetime() }))),
    });
    const User = recordType('User', [field('x', 'long'), field('at', 'string')]);
    const fields = [
      field('users', { type: 'map', values: { type: 'array', items: User } }),
      field('state', 'string'),
    ];
    const users = { a: [{ x: 1, at: '2026-01-02T03:04:05' }] };
    expect(resolve(codec, fields, { state: 'on', users })).toStrictEqual({
      state: 'on',
      users: { a: [{ at: DateTime.parse('2026-01-02T03:04:05') }] },
    });
    expect(() => resolve(codec, fields, { state: 'maybe', users })).toThrow(/at state: expected one of/);
  });

  it.each<[string, PayloadFields, object[], RegExp]>([
    [
      'a text for an integer',
      { a: long() },
      [field('a', 'string')],
      /a: the writer's has string, our schema expects long/,
    ],
    ['a long for a text', { a: string() }, [field('a', 'long')], /a: the writer's has long/],
    ['a double for a long', { a: long() }, [field('a', 'double')], /a: the writer's has double/],
    [
      'an enum for a text',
      { a: string() },
      [field('a', { type: 'enum', name: 'E', symbols: ['A'] })],
      /a: .*enum/,
    ],
    [
      'a missing field',
      { a: long(), b: boolean() },
      [field('a', 'long')],
      /b: our schema requires this field/,
    ],
    [
      'a renamed record',
      { a: record('Book', { id: long() }) },
      [field('a', recordType('Novel', [field('id', 'long')]))],
      /a: the type is called "Novel" in the writer's and "Book" in our schema/,
    ],
    ['only null', { a: long() }, [field('a', ['null'])], /a: .* null/],
    ['a record for a map', { a: map(long()) }, [field('a', recordType('A', []))], /a: .*record.*map/],
    [
      'items of a wrong type',
      { a: list(long()) },
      [field('a', { type: 'array', items: 'string' })],
      /a\[\]: /,
    ],
  ])('refuses %s, naming the field and both fingerprints', (_what, data, fields, reason) => {
    const codec = bound(data);
    const writer = writerSchema(JSON.stringify(recordType('CloudEvent', fields)));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const error = thrownBy(() => codec.decode(new Uint8Array(0), writer)) as IncompatibleSchemaError;
      expect(error).toBeInstanceOf(IncompatibleSchemaError);
      expect(error.message).toMatch(reason);
      expect(error.writerFingerprint).toBe(writer.fingerprint);
      expect(error.readerFingerprint).toBe(codec.schema.fingerprint);
    }
  });

  it('refuses the schema of another event with the same fields, which its event type distinguishes', () => {
    const data = { name: string() };
    const removed = avroCodec().bind(
      defineSignal({ eventType: 'org.example.library.book.removed.v1', data }) as never,
    );
    const added = avroCodec().bind(
      defineSignal({ eventType: 'org.example.library.book.added.v1', data }) as never,
    );
    const record = added.encode({ name: 'Emma' });
    expect(() => removed.decode(record, added.schema)).toThrow(
      /it is the schema of org.example.library.book.added.v1/,
    );
    const { namespace: _, ...bare } = JSON.parse(added.schema.text) as { readonly namespace: string };
    expect(removed.decode(record, writerSchema(JSON.stringify(bare)))).toEqual({ name: 'Emma' });
  });

  it('refuses an invalid writer schema from its cache after the first time', () => {
    const codec = bound({ a: long() });
    for (const text of ['{', 'null', '{"type": "record"}', `[${'['.repeat(70)}${']'.repeat(70)}]`])
      expect(() => codec.decode(new Uint8Array(1), writerSchema(text))).toThrow(IncompatibleSchemaError);
  });

  it('compiles a writer schema once, and refuses one once', () => {
    const codec = bound({ a: long() });
    for (const fields of [[field('a', 'int')], [field('a', 'string')]]) {
      const { text, fingerprint } = writerSchema(JSON.stringify(recordType('CloudEvent', fields)));
      let parsed = 0;
      const writer = {
        fingerprint,
        get text() {
          parsed += 1;
          return text;
        },
      };
      for (let attempt = 0; attempt < 3; attempt += 1)
        attemptTo(() => codec.decode(Buffer.from([2]), writer));
      expect(parsed).toBe(1);
    }
  });

  it('does not count skipped fields as memory', () => {
    const codec = bound({ id: long() });
    const type = { type: 'array', items: { type: 'array', items: 'bytes' } };
    const fields = [field('extra', type), field('id', 'long')];
    const writer = writerSchema(JSON.stringify(recordType('CloudEvent', fields)));
    const record_ = Buffer.concat([Buffer.from('a09c01', 'hex'), Buffer.alloc(10_001), Buffer.from([4])]);
    expect(codec.decode(record_, writer)).toStrictEqual({ id: 2 });
  });

  it('compiles the largest allowed schema within a second', async () => {
    const codec = bound({ id: long() });
    const named = Array.from({ length: 2400 }, (_, index) =>
      field(`f${index}`, recordType(`R${index}`, [field('a', 'int')])),
    );
    const fields = [...named, field('id', 'long')];
    const writer = writerSchema(JSON.stringify(recordType('CloudEvent', fields)));
    await expect(() => {
      expect(codec.decode(Buffer.alloc(2401, 2), writer)).toStrictEqual({ id: 1 });
    }).toCostAtMostMs(1000);
  });

  it('compiles each of 1,000 writer schemas that come in turn once, and of large ones keeps only the last', () => {
    const codec = bound({ a: long() });
    const compiledOf = (count: number, size: number) => {
      let compiled = 0;
      const writers = Array.from({ length: count }, (_, index) => {
        const doc = `${size} ${index}`.padEnd(size);
        const { text, fingerprint } = writerSchema(
          JSON.stringify({ ...recordType('CloudEvent', [field('a', 'int'), field('b', 'int')]), doc }),
        );
        return {
          fingerprint,
          get text() {
            compiled += 1;
            return text;
          },
        };
      });
      for (const writer of [...writers, ...writers, ...writers.slice(-1)])
        expect(codec.decode(Buffer.from('0202', 'hex'), writer)).toStrictEqual({ a: 1 });
      return compiled;
    };
    expect(compiledOf(1_000, 100)).toBe(1_000);
    expect(compiledOf(30, 100_000)).toBe(60);
    expect(compiledOf(15, 100_000)).toBe(15);
  });

  it('shares the room for readers between the signals of a codec', () => {
    const codec = avroCodec();
    const signals = [
      defineSignal({ eventType: 'org.example.library.shelf.first.v1', data: { a: long() } }),
      defineSignal({ eventType: 'org.example.library.shelf.second.v1', data: { a: long() } }),
    ];
    const compiled = signals.map(() => 0);
    const doc = 'x'.repeat(900_000);
    const texts = [1, 2].map((n) =>
      JSON.stringify({ ...recordType('CloudEvent', [field('a', 'int')]), doc: `${n}${doc}` }),
    );
    for (let round = 0; round < 3; round += 1) {
      for (const [index, signal] of signals.entries()) {
        for (const text of texts) {
          const writer = {
            fingerprint: writerSchema(text).fingerprint,
            get text() {
              compiled[index] = (compiled[index] as number) + 1;
              return text;
            },
          };
          expect(codec.bind(signal as never).decode(Buffer.from([2]), writer)).toStrictEqual({ a: 1 });
        }
      }
    }
    expect(compiled).toStrictEqual([6, 6]);
  });

  it('reads a writer schema again after a hundred others', () => {
    const codec = bound({ a: long() });
    const writers = Array.from({ length: 150 }, (_, index) =>
      writerSchema(JSON.stringify(recordType('CloudEvent', [field('a', 'int'), field(`f${index}`, 'int')]))),
    );
    for (const writer of [...writers, ...writers])
      expect(codec.decode(Buffer.from('0202', 'hex'), writer)).toStrictEqual({ a: 1 });
  });
});

function attemptTo(run: () => unknown): void {
  try {
    run();
  } catch {
    // Whether it is refused is for other tests.
  }
}

function optionalUser() {
  return record('Box', { user: optional(record('User', { id: long() })) });
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
