import { describe, expect, it } from 'vitest';
import { type FetchPosition, fetchRequest } from './fetch.js';
import { hex, readResponse, requestBytes } from './request-bytes.test-support.js';

const topicId = '0102030405060708090a0b0c0d0e0f10';
const topicIdText = 'AQIDBAUGBwgJCgsMDQ4PEA';
const at = (topic: string, partition: number, offset: number): FetchPosition => ({
  topic,
  partition,
  offset,
  maxBytes: 1_000,
});
const query = {
  positions: [at('ab', 0, 5), at('c', 1, 2 ** 40), at('ab', 2, 7)],
  maxWaitMs: 500,
  maxBytes: 9_000,
};
const bytes = (text: string) => hex(text).toString('hex');

/** A partition of a version 11 response: number, error, high watermark, and the bytes of its batches. */
const partition = (number: string, errorCode: string, batches: string) =>
  `${number} ${errorCode} 000000000000000c 0000000000000000 0000000000000000 ffffffff ffffffff ${batches}`;

describe('fetchRequest', () => {
  it('writes each topic once in version 11, with all of its partitions', () => {
    expect(requestBytes(fetchRequest, query, 11)).toBe(
      bytes(`ffffffff 000001f4 00000001 00002328 01 00000000 ffffffff
        00000002
        0002 6162 00000002
          00000000 ffffffff 0000000000000005 ffffffffffffffff 000003e8
          00000002 ffffffff 0000000000000007 ffffffffffffffff 000003e8
        0001 63 00000001
          00000001 ffffffff 0000010000000000 ffffffffffffffff 000003e8
        00000000 0000`),
    );
  });

  it('writes names in version 12 and topic ids in version 13, both compact', () => {
    const head = '00 ffffffff 000001f4 00000001 00002328 01 00000000 ffffffff 02';
    const partitions = '02 00000000 ffffffff 0000000000000005 ffffffff ffffffffffffffff 000003e8 00 00';
    const one = { ...query, positions: [{ ...at('ab', 0, 5), topicId: topicIdText }] };
    expect(requestBytes(fetchRequest, one, 12)).toBe(bytes(`${head} 03 6162 ${partitions} 01 01 00`));
    expect(requestBytes(fetchRequest, one, 13)).toBe(bytes(`${head} ${topicId} ${partitions} 01 01 00`));
  });

  it('reads version 11 partition by partition', () => {
    const answer = readResponse(
      fetchRequest,
      `0000 00000000 00000001 0002 6162 00000002
       ${partition('00000000', '0000', '00000002 abcd')}
       ${partition('00000001', '0006', 'ffffffff')}`,
      11,
    );
    expect(answer).toStrictEqual({
      errorCode: 0,
      partitions: [
        { topicOrId: 'ab', partition: 0, errorCode: 0, highWatermark: 12, aborted: [], batches: hex('abcd') },
        { topicOrId: 'ab', partition: 1, errorCode: 6, highWatermark: 12, aborted: [], batches: hex('') },
      ],
    });
  });

  it('reads topic ids and aborted transactions from version 13, and passes over tagged fields', () => {
    const answer = readResponse(
      fetchRequest,
      `0047 00000000 02 ${topicId} 02
         00000000 0000 000000000000000c 0000000000000000 0000000000000000
         02 0000000000000009 0000000000000003 00
         ffffffff 03 abcd
         01 01 09 ffffffff 00000007 00
       00 00`,
      13,
    );
    expect(answer).toStrictEqual({
      errorCode: 71,
      partitions: [
        {
          topicOrId: topicIdText,
          partition: 0,
          errorCode: 0,
          highWatermark: 12,
          aborted: [{ producerId: 9n, firstOffset: 3 }],
          batches: hex('abcd'),
        },
      ],
    });
  });

  it('refuses a response that is cut short', () => {
    const whole = `0000 00000000 00000001 0002 6162 00000001 ${partition('00000000', '0000', '00000002 ab')}`;
    expect(() => readResponse(fetchRequest, whole, 11)).toThrow(RangeError);
  });
});
