import { describe, expect, it } from 'vitest';
import { initProducerIdRequest } from './init-producer-id.js';
import { hex, readResponse, requestBytes } from './request-bytes.test-support.js';

const bytes = (text: string) => hex(text).toString('hex');

describe('initProducerIdRequest', () => {
  it.each([
    [0, 'ffff ffffffff'],
    [1, 'ffff ffffffff'],
    [2, '00 00 ffffffff 00'],
    [4, '00 00 ffffffff ffffffffffffffff ffff 00'],
  ])('asks for a new id in version %i', (version, expected) => {
    expect(requestBytes(initProducerIdRequest, null, version)).toBe(bytes(expected));
  });

  it.each([
    [1, '0000 00000000000003e8 0000'],
    [4, '0000 00000000000003e8 0000 00'],
  ])('reads the id in version %i', (version, body) => {
    expect(readResponse(initProducerIdRequest, body, version)).toStrictEqual({
      errorCode: 0,
      producerId: 1_000n,
      producerEpoch: 0,
    });
  });
});
