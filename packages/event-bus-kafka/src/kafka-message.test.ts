import type { Header, Message } from '@openedx-ts/events-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromKafkaHeaders, sizeOfMessage, toKafkaMessage } from './kafka-message.js';

const bytes = (text: string) => Buffer.from(text);
const message = (headers: readonly Header[]): Message => ({ topic: 't', key: null, value: null, headers });
const names = ([name]: Header) => name;

describe('toKafkaMessage', () => {
  it('keeps a null key and a null value', () => {
    expect(toKafkaMessage(message([]))).toMatchObject({ key: null, value: null });
  });

  it('keeps the order of headers with different names', () => {
    const { headers } = toKafkaMessage(
      message([
        ['ce_type', bytes('a')],
        ['__proto__', bytes('b')],
        ['id', bytes('c')],
      ]),
    );
    expect(Object.keys(headers)).toStrictEqual(['ce_type', '__proto__', 'id']);
  });

  it('puts headers of one name together, in their order', () => {
    const { headers } = toKafkaMessage(
      message([
        ['a', bytes('1')],
        ['b', bytes('2')],
        ['a', Buffer.from([0xff, 0x00])],
        ['a', bytes('3')],
      ]),
    );
    expect(fromKafkaHeaders(headers)).toStrictEqual([
      ['a', bytes('1')],
      ['a', Buffer.from([0xff, 0x00])],
      ['a', bytes('3')],
      ['b', bytes('2')],
    ]);
  });

  it('loses no header, whatever its name and bytes', () => {
    const header = fc.tuple(fc.string({ maxLength: 8 }), fc.uint8Array({ maxLength: 8 }));
    fc.assert(
      fc.property(fc.array(header, { maxLength: 12 }), (headers) => {
        const again = fromKafkaHeaders(toKafkaMessage(message(headers)).headers);
        const sorted = (list: readonly Header[]) =>
          [...new Set(list.map(names))]
            .sort()
            .map((name) => [
              name,
              list
                .filter((one) => names(one) === name)
                .map(([, value]) => Buffer.from(value).toString('hex')),
            ]);
        expect(sorted(again)).toStrictEqual(sorted(headers));
      }),
    );
  });
});

describe('sizeOfMessage', () => {
  it('counts key, value, headers and what Kafka puts around them', () => {
    const size = sizeOfMessage({
      topic: 't',
      key: bytes('key'),
      value: bytes('value'),
      headers: [['é', bytes('x')]],
    });
    expect(size).toBe(61 + 36 + 3 + 5 + (10 + 2 + 1));
  });
});
