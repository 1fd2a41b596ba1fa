import {
  boolean,
  bytes,
  custom,
  datetime,
  defineSignal,
  double,
  list,
  long,
  optional,
  ProducerConfigurationError,
  record,
  string,
  withDefault,
} from '@openedx-ts/events-core';
import { EncodingFailedError } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { avroCodec } from './avro-codec.js';

const signal = defineSignal({
  eventType: 'org.example.library.book.lent.v1',
  data: {
    user: record('UserData', {
      id: long(),
      is_active: boolean(),
      score: double(),
      pii: record('UserPersonalData', { username: string(), email: optional(string()) }),
      joined: datetime(),
      level: withDefault(long(), 1),
    }),
    books: list(string()),
    cover: bytes(),
    rank: custom<number, { readonly rank: number }, 'long'>({
      name: 'Rank',
      wire: 'long',
      normalize: (rank) => ({ rank }),
      toWire: ({ rank }) => rank,
      fromWire: (rank) => ({ rank }),
    }),
  },
});
const codec = avroCodec({ unsafeIntegers: 'bigint' }).bind(signal as never);
const data = {
  user: {
    id: 123,
    is_active: true,
    score: 0.5,
    pii: { username: 'foobob', email: null },
    joined: { iso: '2026-01-02T03:04:05+00:00' },
    level: 5,
  },
  books: [],
  cover: new Uint8Array(0),
  rank: { rank: 7 },
};

describe('key', () => {
  it.each([
    ['user.pii.username', '{"name": "username", "type": "string"}', '0c666f6f626f62', 'foobob'],
    ['user.id', '{"name": "id", "type": "long"}', 'f601', '123'],
    ['user.is_active', '{"name": "is_active", "type": "boolean"}', '01', 'true'],
    ['user.score', '{"name": "score", "type": "double"}', '000000000000e03f', '0.5'],
    ['user.level', '{"name": "level", "type": "long"}', '0a', '5'],
    ['rank', '{"name": "rank", "type": "long"}', '0e', '7'],
    [
      'user.joined',
      '{"name": "joined", "type": "string"}',
      `32${Buffer.from('2026-01-02T03:04:05+00:00').toString('hex')}`,
      '2026-01-02T03:04:05+00:00',
    ],
  ])('writes %s as the Python services do', (path, schema, hex, text) => {
    const key = codec.key(path);
    expect(key.schema.text).toBe(schema);
    const encoded = key.encode(data);
    expect(Buffer.from(encoded.bytes).toString('hex')).toBe(hex);
    expect(encoded.text).toBe(text);
    expect(encoded.schema).toBe(key.schema);
  });

  it('writes integers of 64 bits exactly', () => {
    const encoded = codec.key('user.id').encode({ ...data, user: { ...data.user, id: -(2n ** 63n) } });
    expect(encoded.text).toBe('-9223372036854775808');
    expect(Buffer.from(encoded.bytes).toString('hex')).toBe('ffffffffffffffffff01');
  });

  it.each(['user', 'user.pii.email', 'books', 'cover', 'user.nam', 'user.id.more', ''])(
    'refuses %j as a key',
    (path) => {
      expect(() => codec.key(path)).toThrow(ProducerConfigurationError);
    },
  );

  it('names the path of an invalid key, not its value', () => {
    const key = codec.key('user.pii.username');
    const wrong = { user: { pii: { username: 77777 } } };
    expect(() => key.encode(wrong)).toThrow(EncodingFailedError);
    expect(() => key.encode(wrong)).toThrow(/at user\.pii\.username: expected text$/);
    expect(() => key.encode({})).toThrow(/no value at the key path/);
  });
});
