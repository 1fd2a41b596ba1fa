import { describe, expect, it } from 'vitest';
import { offsetFetchRequest } from './offset-fetch.js';
import { hex, readResponse, requestBytes } from './request-bytes.test-support.js';

const query = { groupId: 'g', topics: [{ topic: 'ab', partitions: [1, 2] }] };
const bytes = (text: string) => hex(text).toString('hex');

describe('offsetFetchRequest', () => {
  it('writes one group with plain lengths in version 5, and compact in versions 6 and 7', () => {
    expect(requestBytes(offsetFetchRequest, query, 5)).toBe(
      bytes('0001 67 00000001 0002 6162 00000002 00000001 00000002'),
    );
    const compact = '00 02 67 02 03 6162 03 00000001 00000002 00';
    expect(requestBytes(offsetFetchRequest, query, 6)).toBe(bytes(`${compact} 00`));
    expect(requestBytes(offsetFetchRequest, query, 7)).toBe(bytes(`${compact} 00 00`)); // nothing stable required
  });

  it('writes a list of one group in versions 8 and 9', () => {
    const topics = '02 03 6162 03 00000001 00000002 00';
    expect(requestBytes(offsetFetchRequest, query, 8)).toBe(bytes(`00 02 02 67 ${topics} 00 00 00`));
    expect(requestBytes(offsetFetchRequest, query, 9)).toBe(
      bytes(`00 02 02 67 00 ffffffff ${topics} 00 00 00`), // no member
    );
  });

  it('asks for all offsets of a group with null', () => {
    expect(requestBytes(offsetFetchRequest, { groupId: 'g', topics: null }, 5)).toBe(
      bytes('0001 67 ffffffff'),
    );
    expect(requestBytes(offsetFetchRequest, { groupId: 'g', topics: null }, 8)).toBe(
      bytes('00 02 02 67 00 00 00 00'),
    );
  });

  it('reads offsets with leader epochs and metadata in every version', () => {
    const offsets = [
      { topic: 'ab', partition: 1, offset: 5, leaderEpoch: 7, metadata: 'x', errorCode: 0 },
      { topic: 'ab', partition: 2, offset: -1, leaderEpoch: -1, metadata: null, errorCode: 3 },
    ];
    const plain = `00000001 0002 6162 00000002
      00000001 0000000000000005 00000007 0001 78 0000
      00000002 ffffffffffffffff ffffffff ffff 0003
      001e`;
    expect(readResponse(offsetFetchRequest, plain, 5)).toStrictEqual({ offsets, errorCode: 30 });
    const group = `02 03 6162 03
      00000001 0000000000000005 00000007 02 78 0000 00
      00000002 ffffffffffffffff ffffffff 00 0003 00
      00 001e`;
    expect(readResponse(offsetFetchRequest, `${group} 00`, 7)).toStrictEqual({ offsets, errorCode: 30 });
    expect(readResponse(offsetFetchRequest, `02 02 67 ${group} 00 00`, 9)).toStrictEqual({
      offsets,
      errorCode: 30,
    });
  });
});
