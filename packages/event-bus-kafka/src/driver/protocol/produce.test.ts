import { describe, expect, it } from 'vitest';
import { produceRequest } from './produce.js';
import { ProtocolReader } from './protocol-reader.js';
import { hex, readResponse, requestBytes } from './request-bytes.test-support.js';

const bytes = (text: string) => hex(text).toString('hex');
const batch = (topic: string, partition: number, text: string) => ({ topic, partition, bytes: hex(text) });
const query = {
  batches: [batch('ab', 1, 'aabb'), batch('c', 0, 'dd'), batch('ab', 2, 'cc')],
  timeoutMs: 800,
};

describe('produceRequest', () => {
  it.each([3, 8])('writes version %i with plain lengths, the batches of a topic together', (version) => {
    expect(requestBytes(produceRequest, query, version)).toBe(
      bytes(`ffff ffff 00000320
        00000002
        0002 6162 00000002 00000001 00000002 aabb 00000002 00000001 cc
        0001 63 00000001 00000000 00000001 dd`),
    );
  });

  it('writes version 9 with compact lengths and tagged fields', () => {
    expect(requestBytes(produceRequest, query, 9)).toBe(
      bytes(`00 00 ffff 00000320
        03
        03 6162 03 00000001 03 aabb 00 00000002 02 cc 00 00
        02 63 02 00000000 02 dd 00 00
        00`),
    );
  });

  const outcome = (more: object) => ({ topic: 'ab', errorMessage: null, ...more });
  const offset5 = '0000000000000005';
  const none = 'ffffffffffffffff';

  it.each([
    [3, ''],
    [5, none],
  ])('reads what became of each partition in version %i', (version, logStart) => {
    const body = `00000001 0002 6162 00000002
      00000001 0000 ${offset5} ${none} ${logStart}
      00000002 0006 ${none} ${none} ${logStart}`;
    expect(readResponse(produceRequest, body, version)).toStrictEqual([
      outcome({ partition: 1, errorCode: 0, baseOffset: 5 }),
      outcome({ partition: 2, errorCode: 6, baseOffset: -1 }),
    ]);
  });

  it('passes over the records that version 8 blames, and reads the message of the error', () => {
    const body = `00000001 0002 6162 00000001
      00000001 0057 ${none} ${none} ${none} 00000001 00000003 0001 78 0002 6e6f`;
    expect(readResponse(produceRequest, body, 8)).toStrictEqual([
      outcome({ partition: 1, errorCode: 87, baseOffset: -1, errorMessage: 'no' }),
    ]);
  });

  it('reads version 9, whose throttle time is behind the partitions', () => {
    const body = hex(`02 03 6162 02
      00000001 0000 ${offset5} ${none} ${none} 01 00 00
      00 00000007 00`);
    const reader = new ProtocolReader(body, true);
    expect(produceRequest.read(reader, 9)).toStrictEqual([
      outcome({ partition: 1, errorCode: 0, baseOffset: 5 }),
    ]);
    expect(reader.int32()).toBe(7);
  });
});
