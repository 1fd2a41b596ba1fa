import v8 from 'node:v8';
import vm from 'node:vm';
import {
  boolean,
  bytes,
  defineSignal,
  double,
  list,
  long,
  map,
  optional,
  type PayloadFields,
  record,
  string,
} from '@openedx-ts/events-core';
import { type BoundCodec, DecodingFailedError, type WriterSchema } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { writerSchema } from '../schema/schema-of.js';
import { avroCodec } from './avro-codec.js';

let count = 0;
function bound(data: PayloadFields, options?: Parameters<typeof avroCodec>[0]): BoundCodec {
  count += 1;
  const signal = defineSignal({ eventType: `org.example.library.book.attacked.v${count}`, data });
  return avroCodec(options).bind(signal as never);
}

/** A codec whose own field `id` is there, and a writer's schema with a field more that only the writer knows. */
function withWriter(type: unknown, named: object[] = []): { codec: BoundCodec; writer: WriterSchema } {
  const fields = [...named, { name: 'extra', type }, { name: 'id', type: 'long' }];
  const schema = { type: 'record', name: 'CloudEvent', fields };
  return { codec: bound({ id: long() }), writer: writerSchema(JSON.stringify(schema)) };
}

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const MEGABYTE = 1_000_000;
/** 2^62 as a zig-zag varint, and -2^62. */
const HUGE = '80 80 80 80 80 80 80 80 80 01';
const HUGE_NEGATIVE = 'ff ff ff ff ff ff ff ff 7f';

it('counts the memory of bytes that a writer has as text', () => {
  const codec = bound({ parts: list(bytes()) });
  const fields = [{ name: 'parts', type: { type: 'array', items: 'string' } }];
  const writer = writerSchema(JSON.stringify({ type: 'record', name: 'CloudEvent', fields }));
  const emptyTexts = bound({ parts: list(string()) }).encode({ parts: new Array(90_000).fill('') });
  expect(() => codec.decode(emptyTexts, writer)).toThrow(/more than 64 times its size/);
});

describe('decoding hostile bytes', () => {
  const strings = bound({ user: record('User', { tags: list(string()) }) });
  const nulls = withWriter({ type: 'array', items: 'null' });
  const linked = {
    type: 'record',
    name: 'Node',
    fields: [{ name: 'next', type: ['null', 'Node'] }],
  };
  const chain = withWriter(linked);
  const tree = withWriter({
    type: 'record',
    name: 'Tree',
    fields: [{ name: 'children', type: { type: 'array', items: 'Tree' } }],
  });
  const fixed = withWriter({ type: 'fixed', name: 'F', size: 16 });
  const choice = withWriter({ type: 'enum', name: 'E', symbols: ['A', 'B'] });
  const int = withWriter('int');

  const corpus: [string, BoundCodec, WriterSchema | null, Buffer, string, RegExp][] = [
    ['a count of nulls in five bytes', nulls.codec, nulls.writer, hex('feffffff0f'), 'extra', /count/],
    [
      'a million nulls in a million bytes',
      nulls.codec,
      nulls.writer,
      Buffer.concat([hex('80897a'), Buffer.alloc(MEGABYTE)]),
      'extra',
      /more than 100000 values/,
    ],
    ['a truncated list of text', strings, null, hex('80897a 02'), 'user.tags', /count/],
    ['a list that ends in its second text', strings, null, hex('04 02 61 04 61'), 'user.tags.1', /length/],
    ['a length of 2^62', strings, null, hex(`02 ${HUGE}`), 'user.tags.0', /length is greater/],
    ['a count of 2^62', strings, null, hex(HUGE), 'user.tags', /count is greater/],
    ['a count of -2^62', strings, null, hex(`${HUGE_NEGATIVE} 02 00`), 'user.tags', /count is greater/],
    ['a negative length', strings, null, hex('02 01'), 'user.tags.0', /length is negative/],
    ['a negative block size', strings, null, hex('01 01 02 61 00'), 'user.tags', /length is negative/],
    [
      'a block size that is too small',
      strings,
      null,
      hex('01 02 02 61 00'),
      'user.tags',
      /does not have the size/,
    ],
    [
      'a block size that is too great',
      strings,
      null,
      hex('01 06 02 61 00'),
      'user.tags',
      /does not have the size/,
    ],
    ['a varint of 11 bytes', bound({ id: long() }), null, hex(`${'80'.repeat(10)}00`), 'id', /64 bits/],
    ['a varint of 70 bits', bound({ id: long() }), null, hex(`${'ff'.repeat(9)}7f`), 'id', /64 bits/],
    ['a varint that does not end', bound({ id: long() }), null, hex('80'), 'id', /end inside a number/],
    ['an unsafe integer', bound({ id: long() }), null, hex(`${'ff'.repeat(9)}01`), 'id', /beyond/],
    ['no bytes', bound({ on: boolean() }), null, hex(''), 'on', /end inside/],
    ['a boolean of 2', bound({ on: boolean() }), null, hex('02'), 'on', /neither 0 nor 1/],
    ['a short double', bound({ at: double() }), null, hex('00000000000000'), 'at', /end inside/],
    [
      'a third union branch',
      bound({ r: record('R', { a: optional(long()) }) }),
      null,
      hex('04'),
      'r.a',
      /union/,
    ],
    [
      'a negative union branch',
      bound({ r: record('R', { a: optional(long()) }) }),
      null,
      hex('01'),
      'r.a',
      /union/,
    ],
    ['trailing bytes', bound({ id: long() }), null, hex('02 00'), '', /bytes after the end of the record/],
    [
      'a map key __proto__',
      bound({ m: map(long()) }),
      null,
      hex('02 12 5f5f70726f746f5f5f 02 00'),
      'm.0',
      /__proto__/,
    ],
    [
      '__proto__ with its length in two bytes',
      bound({ m: map(long()) }),
      null,
      hex('02 9200 5f5f70726f746f5f5f 02 00'),
      'm.0',
      /__proto__/,
    ],
    [
      '__proto__ in a nested map',
      bound({ m: map(map(long())) }),
      null,
      hex('04 02 61 00 02 62 02 12 5f5f70726f746f5f5f 02 00 00'),
      'm.1.0',
      /__proto__/,
    ],
    ['text that is no UTF-8', bound({ t: string() }), null, hex('02 ff'), 't', /not UTF-8/],
    ['an overlong UTF-8 slash', bound({ t: string() }), null, hex('04 c0af'), 't', /not UTF-8/],
    ['a surrogate in UTF-8', bound({ t: string() }), null, hex('06 eda080'), 't', /not UTF-8/],
    ['a key that is no UTF-8', bound({ m: map(long()) }), null, hex('02 02 80 02 00'), 'm.0', /not UTF-8/],
    [
      'a megabyte of text with a bad last byte',
      bound({ t: string() }),
      null,
      Buffer.concat([hex('80897a'), Buffer.alloc(MEGABYTE - 1, 97), hex('ff')]),
      't',
      /not UTF-8/,
    ],
    [
      'a record inside itself without end',
      chain.codec,
      chain.writer,
      Buffer.alloc(MEGABYTE, 2),
      `extra${'.next'.repeat(9)}.….next.next.next`,
      /deeper/,
    ],
    [
      'a list inside itself without end',
      tree.codec,
      tree.writer,
      Buffer.alloc(MEGABYTE, 2),
      `extra${'.children.0'.repeat(4)}.children.….children.0.children`,
      /deeper/,
    ],
    ['half a fixed', fixed.codec, fixed.writer, hex('0000'), 'extra', /end inside/],
    ['an unknown enum symbol', choice.codec, choice.writer, hex('04 02'), 'extra', /enum/],
    ['a negative enum symbol', choice.codec, choice.writer, hex('01 02'), 'extra', /enum/],
    ['an int of 33 bits', int.codec, int.writer, hex('8080808020 02'), 'extra', /32 bits/],
    [
      'a million booleans',
      bound({ b: list(boolean()) }),
      null,
      Buffer.concat([hex('80897a'), Buffer.alloc(MEGABYTE), hex('00')]),
      'b',
      /more than 100000 values/,
    ],
    [
      'many empty byte strings',
      bound({ b: list(bytes()) }),
      null,
      Buffer.concat([hex('c0843d'.slice(0, 6)), Buffer.alloc(MEGABYTE)]),
      'b',
      /more than 100000 values/,
    ],
    [
      'values that take more memory than their bytes',
      bound({ b: list(bytes()) }),
      null,
      Buffer.concat([hex('a09c01'), Buffer.alloc(10_001)]),
      '',
      /64 times its size/,
    ],
  ];

  it.each(corpus)('refuses %s', (_what, codec, writer, record, path, message) => {
    const error = thrownBy(() => codec.decode(record, writer)) as DecodingFailedError;
    expect(error).toBeInstanceOf(DecodingFailedError);
    expect(error.message).toMatch(message);
    expect(error.path).toBe(path);
  });

  it.each(corpus)('refuses %s within 5 ms and 1 MB', async (_what, codec, writer, record) => {
    const refused = () => thrownBy(() => codec.decode(record, writer));
    expect(leastHeapOf(refused)).toBeLessThan(1024 * 1024);
    await expect(refused).toCostAtMostMs(5);
  });

  it('refuses a schema in which sixty records have 2^60 values without bytes', async () => {
    let type: unknown = { type: 'record', name: 'R0', fields: [{ name: 'a', type: 'null' }] };
    for (let level = 1; level < 30; level += 1) {
      const fields = [
        { name: 'a', type },
        { name: 'b', type: `R${level - 1}` },
      ];
      type = { type: 'record', name: `R${level}`, fields };
    }
    const { codec, writer } = withWriter(type);
    expect(() => codec.decode(hex('02'), writer)).toThrow(/more than 100000 values/);
    await expect(() => thrownBy(() => codec.decode(hex('02'), writer))).toCostAtMostMs(50);
  });

  it('accepts unusual but valid bytes: padded varints, several blocks, block sizes, the key __proto', () => {
    expect(bound({ id: long() }).decode(hex('828080808080808000'), null)).toStrictEqual({ id: 1 });
    expect(strings.decode(hex('02 02 61 01 04 02 62 02 02 63 00'), null)).toStrictEqual({
      user: { tags: ['a', 'b', 'c'] },
    });
    const maps = bound({ m: map(long()) });
    expect(maps.decode(hex('02 10 5f5f70726f746f5f 02 00'), null)).toStrictEqual({ m: { __proto_: 1 } });
    expect(maps.decode(hex('02 14 785f5f70726f746f5f5f 02 00'), null)).toStrictEqual({
      m: { x__proto__: 1 },
    });
  });

  it('limits the number of values to maxValues', () => {
    const data = { ids: Array.from({ length: 1000 }, () => 1) };
    const record = bound({ ids: list(long()) }).encode(data);
    expect(() => bound({ ids: list(long()) }, { maxValues: 1000 }).decode(record, null)).toThrow(
      /1000 values/,
    );
    expect(bound({ ids: list(long()) }, { maxValues: 1001 }).decode(record, null)).toStrictEqual(data);
  });

  it('decodes the next record after a refusal', () => {
    const codec = bound({ user: record('User', { tags: list(string()) }) });
    const record_ = codec.encode({ user: { tags: ['a'] } });
    for (const [, other, writer, bytes] of corpus) thrownBy(() => other.decode(bytes, writer));
    expect(codec.decode(record_, null)).toStrictEqual({ user: { tags: ['a'] } });
  });
});

describe('the memory of decoded events', () => {
  const name = (index: number) => index.toString(36).padStart(3, 'k');
  const times = <T>(length: number, value: (index: number) => T) =>
    Array.from({ length }, (_, i) => value(i));
  const One = record('One', { on: boolean() });

  it.each<[string, PayloadFields, object]>([
    ['records of one boolean', { x: list(One) }, { x: times(30_000, () => ({ on: true })) }],
    ['empty lists', { x: list(list(boolean())) }, { x: times(30_000, () => []) }],
    [
      'maps of one new key each',
      { x: list(map(boolean())) },
      { x: times(7_000, (i) => ({ [`${name(i)}-longer`]: true })) },
    ],
    [
      'maps of the same keys',
      { x: list(map(boolean())) },
      { x: times(10_000, () => ({ a: true, b: true, c: true })) },
    ],
    [
      'one large map',
      { x: map(boolean()) },
      { x: Object.fromEntries(times(20_000, (i) => [name(i), true])) },
    ],
    ['short texts', { x: list(string()) }, { x: times(40_000, (i) => name(i)) }],
    ['texts that are not ASCII', { x: list(string()) }, { x: times(40_000, () => 'é') }],
  ])('is at most 64 times their bytes: %s', (_what, data, value) => {
    const codec = bound(data);
    const record_ = codec.encode(value);
    expect(retainedBy(() => codec.decode(record_, null))).toBeLessThan(64 * record_.length);
  });
});

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** The least of some runs, since other work shares the heap. */
function leastHeapOf(run: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  run();
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (attempt === 0) collectGarbage();
    const before = used();
    run();
    least = Math.min(least, used() - before);
  }
  return least;
}

/** What stays in memory of a value, in bytes. */
function retainedBy(make: () => unknown): number {
  make();
  collectGarbage();
  const before = used();
  const value = make();
  collectGarbage();
  const retained = used() - before;
  expect(value).toBeDefined();
  return retained;
}

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
