import { createRequire } from 'node:module';
import type { Header, Message } from '@openedx-ts/events-core/bus';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeOfMessage, toKafkaMessage } from './kafka-message.js';

const bytes = (text: string) => Buffer.from(text);
const message = (headers: readonly Header[]): Message => ({ topic: 't', key: null, value: null, headers });

const require = createRequire(import.meta.url);
/** What kafkajs makes of a message on its way to the broker, and how it reads it there. */
const encode = require('kafkajs/src/protocol/recordBatch/record/v0') as (message: object) => {
  buffer: Buffer;
};
const Decoder = require('kafkajs/src/protocol/decoder') as new (
  buffer: Buffer,
) => {
  readVarInt(): number;
  readInt8(): number;
  readVarLong(): unknown;
  readVarIntBytes(): Buffer | null;
  readVarIntString(): string;
};

/** The headers that lie in the bytes of a record. */
function written(headers: readonly Header[]): readonly (readonly [string, string | null])[] {
  const record = new Decoder(encode(toKafkaMessage(message(headers))).buffer);
  record.readVarInt();
  record.readInt8();
  record.readVarLong();
  record.readVarInt();
  expect([record.readVarIntBytes(), record.readVarIntBytes()]).toStrictEqual([null, null]);
  return Array.from({ length: record.readVarInt() }, () => {
    const name = record.readVarIntString();
    return [name, record.readVarIntBytes()?.toString('hex') ?? null] as const;
  });
}

const plain = (headers: readonly Header[]) =>
  headers.map(([name, value]) => [name, value && Buffer.from(value).toString('hex')] as const);

describe('toKafkaMessage', () => {
  it('keeps a null key and a null value', () => {
    expect(toKafkaMessage(message([]))).toMatchObject({ key: null, value: null });
  });

  it('keeps repeated headers in their places, whatever their names and bytes', () => {
    const headers: Header[] = [
      ['a', bytes('1')],
      ['__proto__', bytes('2')],
      ['a', Buffer.from([0xff, 0x00])],
      ['7', bytes('3')],
      ['', bytes('')],
      ['a', bytes('4')],
    ];
    expect(written(headers)).toStrictEqual(plain(headers));
  });

  it('keeps a header whose value is null apart from an empty one', () => {
    const headers: Header[] = [
      ['a', null],
      ['b', bytes('')],
      ['c', bytes('1')],
    ];
    expect(written(headers)).toStrictEqual(plain(headers));
  });

  it('keeps any headers as they are', () => {
    const name = fc.oneof(
      fc.constantFrom('a', 'b', '1', '0', '__proto__', 'length'),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, fc.option(fc.uint8Array({ maxLength: 8 }))), { maxLength: 12 }),
        (headers) => {
          expect(written(headers)).toStrictEqual(plain(headers));
        },
      ),
    );
  });
});

describe('sizeOfMessage', () => {
  it('counts key, value, headers and what Kafka puts around them', () => {
    const headers: Header[] = [['é', bytes('x')]];
    const size = sizeOfMessage({ topic: 't', key: bytes('key'), value: bytes('value'), headers });
    expect(size).toBe(61 + 36 + 3 + 5 + (10 + 2 + 1));
  });
});
