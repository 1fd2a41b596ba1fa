import {
  boolean,
  bytes,
  DateTime,
  datetime,
  defineSignal,
  double,
  enumeration,
  InvalidDataError,
  list,
  long,
  map,
  optional,
  record,
  string,
  uuid,
  withDefault,
} from '@openedx-ts/events-core';
import { checkOf, EncodingFailedError } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { recordFromJson } from './record-from-json.js';
import { recordToJson } from './record-to-json.js';

const signal = defineSignal({
  eventType: 'org.example.library.book.described.v1',
  data: {
    book: record('BookData', {
      id: long(),
      title: optional(string()),
      cover: bytes(),
      at: datetime(),
      prices: map(double()),
      owners: list(record('Owner', { key: uuid(), isFirst: withDefault(boolean(), false) })),
      state: withDefault(enumeration(['new', 'old']), 'new'),
    }),
  },
}) as never;
const key = '0198c5a0-0000-7000-8000-000000000000';
const data = {
  book: {
    id: 2n ** 60n,
    title: null,
    cover: Uint8Array.from([0, 0x7f, 0x80, 0xff]),
    at: DateTime.parse('2026-01-02T03:04:05'),
    prices: { a: 0.5, b: NaN },
    owners: [{ key, isFirst: true }],
    state: 'old',
  },
};
const json = {
  book: {
    id: 2n ** 60n,
    title: null,
    cover: '\0\u007f\u0080\u00ff',
    at: '2026-01-02T03:04:05',
    prices: { a: 0.5, b: NaN },
    owners: [{ key, isFirst: true }],
    state: 'old',
  },
};

describe('recordToJson', () => {
  it('writes custom values as their primitives and bytes as text', () => {
    expect(recordToJson(signal, data)).toStrictEqual(json);
  });

  it('names the path of a value that does not fit', () => {
    const wrong = { book: { ...data.book, owners: [{ key, isFirst: true }, { key: 7 }] } };
    expect(() => recordToJson(signal, wrong)).toThrow(EncodingFailedError);
    expect(() => recordToJson(signal, wrong)).toThrow(/at book\.owners\.1\.key: expected text/);
  });

  it('masks personal keys of a map in the path of a value that does not fit', () => {
    const signal = defineSignal({
      eventType: 'org.example.library.book.rated.v1',
      data: { book: record('RatedBook', { scores: map(long(), { pii: 'email_address' }) }) },
    });
    const data = { book: { scores: { 'ada@example.org': 'x' } } };
    expect(() => recordToJson(signal as never, data)).toThrow(/at book\.scores\.\*\*\*: expected an integer/);
  });
});

describe('recordFromJson', () => {
  it('reads what recordToJson wrote', () => {
    expect(recordFromJson(signal, json)).toStrictEqual(data);
  });

  it('returns checked data: null and defaults for missing fields, small bigints as numbers', () => {
    const { title: _title, state: _state, ...rest } = json.book;
    const read = recordFromJson(signal, { book: { ...rest, id: 5n, owners: [{ key: key.toUpperCase() }] } });
    expect(read).toStrictEqual({
      book: { ...data.book, id: 5, state: 'new', owners: [{ key, isFirst: false }] },
    });
    expect(checkOf((signal as { shape: never }).shape)(read, [])).toStrictEqual(read);
  });

  it('reports every issue with its path, without values', () => {
    const wrong = {
      book: {
        id: 2 ** 53,
        titel: 'secret',
        cover: 'secret €',
        at: 'secret',
        prices: { a: 'secret' },
        owners: 'secret',
        state: 'secret',
      },
    };
    try {
      recordFromJson(signal, wrong);
      throw new Error('not refused');
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidDataError);
      const { issues } = error as InvalidDataError;
      expect(issues.map(({ path }) => path)).toStrictEqual([
        'book.titel',
        'book.id',
        'book.cover',
        'book.at',
        'book.prices.a',
        'book.owners',
        'book.state',
      ]);
      expect(issues[0]?.message).toContain('did you mean title');
      expect(JSON.stringify(issues)).not.toContain('secret');
    }
  });

  it.each([null, [], 'x', { book: null }, { book: [] }])('refuses %j', (value) => {
    expect(() => recordFromJson(signal, value)).toThrow(InvalidDataError);
  });
});
