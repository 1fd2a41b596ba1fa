import {
  boolean,
  bytes,
  type CustomType,
  custom,
  DateTime,
  datetime,
  defineSignal,
  double,
  enumeration,
  InvalidOptionsError,
  json,
  LocalOnlyError,
  list,
  long,
  map,
  optional,
  type PayloadFields,
  record,
  string,
  uuid,
  withDefault,
} from '@openedx-ts/events-core';
import { DecodingFailedError, EncodingFailedError } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { writerSchema } from '../schema/schema-of.js';
import { avroCodec } from './avro-codec.js';

let count = 0;
function bound<const F extends PayloadFields>(data: F, options?: Parameters<typeof avroCodec>[0]) {
  count += 1;
  const signal = defineSignal({ eventType: `org.example.library.book.changed.v${count}`, data });
  return avroCodec(options).bind(signal as unknown as Parameters<ReturnType<typeof avroCodec>['bind']>[0]);
}

const bytesOf = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

const wordCount: CustomType<string, { readonly words: number }, 'long'> = {
  name: 'WordCount',
  wire: 'long',
  normalize: (text) => ({ words: text.split(' ').length }),
  toWire: ({ words }) => words,
  fromWire: (words) => {
    if (words < 0) throw new Error('expected a count');
    return { words };
  },
};

describe('avroCodec', () => {
  it('refuses unknown options, all in one error', () => {
    const options = { maxvalues: 1, unsafeIntegers: 'yes' } as unknown as { maxValues: number };
    expect(() => avroCodec(options)).toThrow(InvalidOptionsError);
    expect(() => avroCodec(options)).toThrow(/did you mean maxValues.*expected 'refuse' or 'bigint'/);
    expect(() => avroCodec({ maxValues: 0 })).toThrow(/integer of 1 or more/);
  });

  it('binds a signal once, and refuses a local-only one', () => {
    const signal = defineSignal({ eventType: 'org.example.library.book.kept.v1', data: { id: long() } });
    const local = defineSignal({
      eventType: 'org.example.library.book.hidden.v1',
      data: { id: long() },
      localOnly: 'secret',
    });
    const codec = avroCodec();
    expect(codec.bind(signal as never)).toBe(codec.bind(signal as never));
    expect(() => codec.bind(local as never)).toThrow(LocalOnlyError);
  });

  it('writes the bytes of the specification', () => {
    const codec = bound({
      user: record('UserData', {
        id: long(),
        is_active: boolean(),
        pii: record('Pii', { username: string(), email: string() }),
      }),
    });
    const data = { user: { id: 123, is_active: true, pii: { username: 'foobob', email: '' } } };
    expect(Buffer.from(codec.encode(data)).toString('hex')).toBe('f601010c666f6f626f6200');
    expect(codec.decode(bytesOf('f601010c666f6f626f6200'), null)).toStrictEqual(data);
  });

  it('decodes records to plain objects at every level', () => {
    const Inner = record('Inner', { id: long() });
    const codec = bound({
      list: list(Inner),
      map: map(Inner),
      one: record('One', { maybe: optional(Inner) }),
    });
    const data = { list: [{ id: 1 }], map: { a: { id: 2 } }, one: { maybe: { id: 3 } } };
    const decoded = codec.decode(codec.encode(data), null) as typeof data;
    expect(decoded).toStrictEqual(data);
    for (const value of [decoded, decoded.list[0], decoded.map.a, decoded.one, decoded.one.maybe])
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(JSON.stringify(decoded)).toBe(JSON.stringify(data));
  });

  it('accepts records and fields whose names occur in generated code', () => {
    const codec = bound({
      user: record('user', { t: string(), v: string(), t0: long(), constructor: string() }),
      t0: record('_user', { user: string(), _user: string(), toString: string() }),
    });
    const data = {
      user: { t: 'a', v: 'b', t0: 5, constructor: 'c' },
      t0: { user: 'd', _user: 'e', toString: 'f' },
    };
    expect(codec.decode(codec.encode(data), null)).toStrictEqual(data);
  });

  it('keeps falsy values of optional fields', () => {
    const codec = bound({
      all: record('All', {
        flag: optional(boolean()),
        count: optional(long()),
        text: optional(string()),
        items: optional(list(string())),
        on: withDefault(boolean(), true),
      }),
    });
    const falsy = { all: { flag: false, count: 0, text: '', items: [], on: false } };
    expect(codec.decode(codec.encode(falsy), null)).toStrictEqual(falsy);
    const nothing = { all: { flag: null, count: null, text: null, items: null, on: true } };
    expect(codec.decode(codec.encode(nothing), null)).toStrictEqual(nothing);
  });

  it('converts custom types in every place', () => {
    const codec = bound({
      at: datetime(),
      words: list(custom(wordCount)),
      ids: map(uuid()),
      more: record('More', {
        state: optional(enumeration(['on', 'off'])),
        any: json(),
        later: withDefault(datetime(), '2026-01-01T00:00:00+00:00'),
      }),
    });
    const data = {
      at: DateTime.from('2026-01-02T03:04:05.678901+02:00'),
      words: [{ words: 3 }, { words: 0 }],
      ids: { a: '0198c5a0-0000-7000-8000-000000000000' },
      more: { state: 'off', any: { a: [1, null] }, later: DateTime.from('2026-01-01T00:00:00') },
    };
    expect(codec.decode(codec.encode(data), null)).toStrictEqual(data);
  });

  it('decodes bytes to an array that shares no memory', () => {
    const codec = bound({ image: bytes(), rest: list(bytes()) });
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    const record = codec.encode({ image: all, rest: [new Uint8Array(0), all] });
    const decoded = codec.decode(record, null) as { image: Uint8Array; rest: Uint8Array[] };
    record.fill(7);
    expect(decoded).toStrictEqual({ image: all, rest: [new Uint8Array(0), all] });
    expect(decoded.image.buffer.byteLength).toBe(256);
    expect(Object.getPrototypeOf(decoded.image)).toBe(Uint8Array.prototype);
  });

  it('returns encoded events that share no memory', () => {
    const codec = bound({ text: string() });
    const first = codec.encode({ text: 'a'.repeat(10) });
    const second = codec.encode({ text: 'b'.repeat(10) });
    expect([first.at(-1), second.at(-1)]).toStrictEqual([97, 98]);
  });

  it('writes events larger than its buffer', () => {
    const codec = bound({ texts: list(string()), blob: bytes() });
    const data = {
      texts: Array.from({ length: 50 }, (_, index) => 'é'.repeat(index * 40)),
      blob: new Uint8Array(300_000).fill(9),
    };
    expect(codec.decode(codec.encode(data), null)).toStrictEqual(data);
  });

  it('lets a custom type use codecs while it converts', () => {
    const inner = bound({ text: string() });
    const nested = custom<string, string, 'bytes'>({
      name: 'Nested',
      wire: 'bytes',
      normalize: (value) => value,
      toWire: (text) => inner.encode({ text }),
      fromWire: (wire) => (inner.decode(wire, null) as { text: string }).text,
    });
    const codec = bound({ before: string(), nested, after: string() });
    const data = { before: 'one', nested: 'two', after: 'three' };
    expect(codec.decode(codec.encode(data), null)).toStrictEqual(data);
  });

  it('reads records of one name with the custom types of each place', () => {
    const codec = bound({
      order: record('Status', { state: enumeration(['open', 'closed']) }),
      payment: record('Status', { state: enumeration(['paid']) }),
    });
    const data = { order: { state: 'closed' }, payment: { state: 'paid' } };
    expect(codec.decode(codec.encode(data), null)).toStrictEqual(data);
    const writer = writerSchema(JSON.stringify({ ...JSON.parse(codec.schema.text), namespace: 'legal' }));
    expect(codec.decode(codec.encode(data), writer)).toStrictEqual(data);
  });

  it('keeps every number of the safe range exact', () => {
    const codec = bound({ ids: list(long()) });
    const edges = [0, 63, 64, 2 ** 31, 2 ** 52 - 1, 2 ** 52, 2 ** 52 + 1, Number.MAX_SAFE_INTEGER];
    const ids = [...edges, ...edges.slice(1).map((id) => -id)];
    expect(codec.decode(codec.encode({ ids }), null)).toStrictEqual({ ids });
  });

  it('encodes and decodes all of int64 with bigint, and safe integers as numbers', () => {
    const codec = bound({ ids: list(long()) }, { unsafeIntegers: 'bigint' });
    const ids = [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n, -(2n ** 53n), Number.MAX_SAFE_INTEGER, 0, -1];
    expect(codec.decode(codec.encode({ ids }), null)).toStrictEqual({ ids });
    expect(codec.decode(codec.encode({ ids: [5n] }), null)).toStrictEqual({ ids: [5] });
    expect(() => codec.encode({ ids: [2n ** 63n] })).toThrow(/at ids\.0: expected an integer of 64 bits/);
  });

  it('refuses integers beyond the safe range in both directions, naming the path', () => {
    const big = bound({ user: record('User', { ids: list(long()) }) }, { unsafeIntegers: 'bigint' });
    const safe = bound({ user: record('User', { ids: list(long()) }) });
    const record_ = big.encode({ user: { ids: [1, 2n ** 53n] } });
    expect(() => safe.decode(record_, null)).toThrow(DecodingFailedError);
    expect(() => safe.decode(record_, null)).toThrow(/at user\.ids\.1: an integer is beyond/);
    const below = big.encode({ user: { ids: [-(2n ** 53n)] } });
    expect(() => safe.decode(below, null)).toThrow(/at user\.ids\.0/);
    expect(() => safe.encode({ user: { ids: [1, 2 ** 53] } })).toThrow(
      /at user\.ids\.1: expected an integer/,
    );
    expect(() => safe.encode({ user: { ids: [1n] } })).toThrow(EncodingFailedError);
  });

  it('names the path of a value that cannot be written, never the value', () => {
    const codec = bound({
      user: record('User', {
        name: string(),
        at: optional(datetime()),
        scores: map(double()),
        image: bytes(),
        on: boolean(),
      }),
    });
    const user = { name: 'x', at: null, scores: {}, image: new Uint8Array(0), on: true };
    const failing: [object, string, string][] = [
      [{ user: { ...user, name: 7_777_777 } }, 'user.name', 'expected text'],
      [{ user: { ...user, name: 'secret \ud800' } }, 'user.name', 'a lone surrogate'],
      [{ user: { ...user, name: `secret ${'\udc00'.repeat(100)}` } }, 'user.name', 'a lone surrogate'],
      [{ user: { ...user, scores: { a: 'secret' } } }, 'user.scores.a', 'expected a number'],
      [{ user: { ...user, image: 'secret' } }, 'user.image', 'expected bytes'],
      [{ user: { ...user, on: 'secret' } }, 'user.on', 'expected a boolean'],
      [{ user: null }, 'user', 'expected User'],
      [{ user: { ...user, scores: ['secret'] } }, 'user.scores', 'expected a map'],
    ];
    for (const [data, path, message] of failing) {
      const error = thrownBy(() => codec.encode(data)) as EncodingFailedError;
      expect(error).toBeInstanceOf(EncodingFailedError);
      expect(error.path).toBe(path);
      expect(error.message).toContain(message);
      expect(`${error.stack} ${error.cause}`).not.toMatch(/secret|7777777/);
    }
  });

  it('names the path of a value that a custom type refuses to read', () => {
    const codec = bound({
      user: record('User', { seen: list(record('Visit', { at: datetime(), note: optional(json()) })) }),
    });
    const plain = bound({
      user: record('User', { seen: list(record('Visit', { at: string(), note: optional(string()) })) }),
    });
    const good = { at: '2026-01-02T03:04:05', note: null };
    const badTime = plain.encode({
      user: { seen: [good, { ...good, at: 'secret' }, { at: '', note: null }] },
    });
    const badJson = plain.encode({ user: { seen: [good, { ...good, note: '{secret' }] } });
    for (const [record, path] of [
      [badTime, 'user.seen.1.at'],
      [badJson, 'user.seen.1.note'],
    ] as const) {
      const error = thrownBy(() => codec.decode(record, null)) as DecodingFailedError;
      expect(error).toBeInstanceOf(DecodingFailedError);
      expect(error.path).toBe(path);
      expect(`${error.stack} ${error.cause}`).not.toContain('secret');
    }
    expect(codec.decode(plain.encode({ user: { seen: [good] } }), null)).toMatchObject({
      user: { seen: [{ note: null }] },
    });
  });

  it('converts no further value once a custom type has refused one', () => {
    let calls = 0;
    const angry = custom<string, string, 'string'>({
      name: 'Angry',
      wire: 'string',
      normalize: (value) => value,
      toWire: (value) => value,
      fromWire: () => {
        calls += 1;
        throw new Error('no');
      },
    });
    const codec = bound({ all: list(angry) });
    expect(() => codec.decode(codec.encode({ all: ['a', 'b', 'c'] }), null)).toThrow(/at all\.0: no/);
    expect(calls).toBe(1);
  });

  it('refuses an unsafe integer under a custom type even with unsafeIntegers bigint', () => {
    const codec = bound({ words: custom(wordCount) }, { unsafeIntegers: 'bigint' });
    const big = bound({ words: long() }, { unsafeIntegers: 'bigint' });
    expect(() => codec.decode(big.encode({ words: 2n ** 60n }), null)).toThrow(/at words/);
  });

  it('keeps text that is not ASCII, of any length', () => {
    const codec = bound({ texts: list(string()), named: map(string()) });
    const texts = ['é', '日本語', '😀', '', 'a', 'ß'.repeat(63), '€'.repeat(64), `${'x'.repeat(700)}ü`];
    const data = { texts, named: { ключ: 'значение', '': '' } };
    expect(codec.decode(codec.encode(data), null)).toStrictEqual(data);
  });

  it('keeps doubles, special ones included', () => {
    const codec = bound({ numbers: list(double()) });
    const numbers = [0, -0, 0.1, NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE];
    expect(codec.decode(codec.encode({ numbers }), null)).toStrictEqual({ numbers });
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
