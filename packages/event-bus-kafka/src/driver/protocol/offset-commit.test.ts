import { describe, expect, it } from 'vitest';
import { offsetCommitRequest } from './offset-commit.js';
import { hex, readResponse, requestBytes } from './request-bytes.test-support.js';

const query = {
  groupId: 'g',
  generationId: 4,
  memberId: 'me',
  topics: [
    {
      topic: 'ab',
      partitions: [
        { partition: 1, offset: 5, metadata: 'x' },
        { partition: 2, offset: 6, metadata: null },
      ],
    },
  ],
};
const bytes = (text: string) => hex(text).toString('hex');

describe('offsetCommitRequest', () => {
  it('writes version 7 with plain lengths', () => {
    expect(requestBytes(offsetCommitRequest, query, 7)).toBe(
      bytes(`0001 67 00000004 0002 6d65 ffff
        00000001 0002 6162 00000002
          00000001 0000000000000005 ffffffff 0001 78
          00000002 0000000000000006 ffffffff ffff`),
    );
  });

  it.each([8, 9])('writes version %i with compact lengths and tagged fields', (version) => {
    expect(requestBytes(offsetCommitRequest, query, version)).toBe(
      bytes(`00 02 67 00000004 03 6d65 00
        02 03 6162 03
          00000001 0000000000000005 ffffffff 02 78 00
          00000002 0000000000000006 ffffffff 00 00
        00 00`),
    );
  });

  it('reads the error of each partition', () => {
    const expected = [
      { topic: 'ab', partition: 1, errorCode: 0 },
      { topic: 'ab', partition: 2, errorCode: 22 },
    ];
    const plain = '00000001 0002 6162 00000002 00000001 0000 00000002 0016';
    expect(readResponse(offsetCommitRequest, plain, 7)).toStrictEqual(expected);
    const flexible = '02 03 6162 03 00000001 0000 00 00000002 0016 00 00 00';
    expect(readResponse(offsetCommitRequest, flexible, 9)).toStrictEqual(expected);
  });
});
