import { describe, expect, it } from 'vitest';
import { listOffsetsRequest } from './list-offsets.js';
import { hex, readResponse, requestBytes } from './request-bytes.test-support.js';

const query = { isolationLevel: 1, topic: 'ab', partitions: [0, 2], timestamp: -2 };
const bytes = (text: string) => hex(text).toString('hex');

describe('listOffsetsRequest', () => {
  it('writes each partition with its time, with epochs from version 4 and in compact form from version 6 on', () => {
    expect(requestBytes(listOffsetsRequest, query, 3)).toBe(
      bytes('ffffffff 01 00000001 0002 6162 00000002 00000000 fffffffffffffffe 00000002 fffffffffffffffe'),
    );
    expect(requestBytes(listOffsetsRequest, query, 5)).toBe(
      bytes(`ffffffff 01 00000001 0002 6162 00000002
        00000000 ffffffff fffffffffffffffe
        00000002 ffffffff fffffffffffffffe`),
    );
    expect(requestBytes(listOffsetsRequest, query, 6)).toBe(
      bytes(`00 ffffffff 01 02 03 6162 03
        00000000 ffffffff fffffffffffffffe 00
        00000002 ffffffff fffffffffffffffe 00
        00 00`),
    );
  });

  it('reads the offset or the error of each partition', () => {
    const answer = [
      { partition: 0, errorCode: 0, offset: 2 ** 40 },
      { partition: 2, errorCode: 6, offset: -1 },
    ];
    const first = '00000000 0000 ffffffffffffffff 0000010000000000 00000001';
    const second = '00000002 0006 ffffffffffffffff ffffffffffffffff ffffffff';
    const old = '00000000 0000 ffffffffffffffff 0000010000000000';
    expect(readResponse(listOffsetsRequest, `00000001 0002 6162 00000001 ${old}`, 3)).toStrictEqual([
      answer[0],
    ]);
    expect(
      readResponse(listOffsetsRequest, `00000001 0002 6162 00000002 ${first} ${second}`, 5),
    ).toStrictEqual(answer);
    expect(readResponse(listOffsetsRequest, `02 03 6162 03 ${first} 00 ${second} 00 00 00`, 6)).toStrictEqual(
      answer,
    );
  });
});
