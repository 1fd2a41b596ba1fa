import { describe, expect, it } from 'vitest';
import { metadataRequest } from './metadata.js';
import { hex, readResponse, requestBytes } from './request-bytes.test-support.js';

const zeroId = '00'.repeat(16);
const topicId = '0102030405060708090a0b0c0d0e0f10';
const bytes = (text: string) => hex(text).toString('hex');

describe('metadataRequest', () => {
  it('writes version 8 with plain lengths', () => {
    expect(requestBytes(metadataRequest, { topics: ['ab'] }, 8)).toBe(
      bytes('00000001 0002 6162 00 00 00'), // create no topics, no authorized operations
    );
    expect(requestBytes(metadataRequest, { topics: null }, 8)).toBe(bytes('ffffffff 00 00 00'));
  });

  it('writes versions 12 and 13 with an empty topic id, compact lengths and tagged fields', () => {
    const expected = bytes(`00 02 ${zeroId} 03 6162 00 00 00 00`);
    expect(requestBytes(metadataRequest, { topics: ['ab'] }, 12)).toBe(expected);
    expect(requestBytes(metadataRequest, { topics: ['ab'] }, 13)).toBe(expected);
    expect(requestBytes(metadataRequest, { topics: [] }, 12)).toBe(bytes('00 01 00 00 00'));
    expect(requestBytes(metadataRequest, { topics: null }, 12)).toBe(bytes('00 00 00 00 00'));
  });

  const flexible = `
    02 00000001 05 686f7374 00002384 00 00
    00
    00000001
    02 0000 03 6162 ${topicId} 00
      02 0005 00000003 ffffffff 00000007 02 00000001 01 02 00000001 00
      80000000 00`;
  const expected = {
    brokers: [{ nodeId: 1, host: 'host', port: 9_092, rack: null }],
    clusterId: null,
    controllerId: 1,
    topics: [
      {
        topic: 'ab',
        topicId: 'AQIDBAUGBwgJCgsMDQ4PEA',
        errorCode: 0,
        partitions: [{ partition: 3, leader: -1, leaderEpoch: 7, replicas: [1], inSyncReplicas: [] }],
      },
    ],
  };

  it('reads topic ids and leader epochs from version 12, and the error of the request from version 13', () => {
    expect(readResponse(metadataRequest, `${flexible} 00`, 12)).toStrictEqual({ ...expected, errorCode: 0 });
    expect(readResponse(metadataRequest, `${flexible} 001f 00`, 13)).toStrictEqual({
      ...expected,
      errorCode: 31,
    });
  });

  it('reads version 8, which has no topic ids', () => {
    const answer = readResponse(
      metadataRequest,
      `00000001 00000001 0004 686f7374 00002384 0001 72
       0003 613162
       00000001
       00000001 0003 0002 6162 00 00000000 80000000
       80000000`,
      8,
    );
    expect(answer).toStrictEqual({
      brokers: [{ nodeId: 1, host: 'host', port: 9_092, rack: 'r' }],
      clusterId: 'a1b',
      controllerId: 1,
      topics: [{ topic: 'ab', topicId: undefined, errorCode: 3, partitions: [] }],
      errorCode: 0,
    });
  });

  it('refuses a response that is cut short', () => {
    expect(() => readResponse(metadataRequest, '02 00000001 05 686f', 12)).toThrow(RangeError);
  });
});
