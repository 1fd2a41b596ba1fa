import { describe, expect, it } from 'vitest';
import { batchTime, recordTimesOf } from './batch-time.js';

function batch({ attributes = 0, magic = 2 }: { readonly attributes?: number; readonly magic?: number }) {
  const bytes = Buffer.alloc(61);
  bytes.writeInt8(magic, 16);
  bytes.writeInt16BE(attributes, 21);
  bytes.writeBigInt64BE(1_000n, 27);
  bytes.writeBigInt64BE(2_000n, 35);
  return bytes;
}

describe('batchTime', () => {
  it('is when the first event was sent, or when the batch was stored where the topic is configured so', () => {
    expect(batchTime(batch({}))).toBe(1_000);
    expect(batchTime(batch({ attributes: 0x08 }))).toBe(2_000);
    expect(batchTime(batch({ attributes: 0x01 }))).toBe(1_000); // compressed
  });

  it('is null without a batch, and for older message formats', () => {
    expect(batchTime(Buffer.alloc(0))).toBeNull();
    expect(batchTime(batch({ magic: 1 }))).toBeNull();
    expect(batchTime(batch({}).subarray(0, 42))).toBeNull();
  });
});

describe('recordTimesOf', () => {
  it('adds the difference to the time of the batch, and gives all the same one where the broker sets it', () => {
    expect(recordTimesOf(batch({}))(-30)).toBe(970);
    expect(recordTimesOf(batch({ attributes: 0x08 }))(-30)).toBe(2_000);
  });

  it('gives null for a time that is none', () => {
    expect(recordTimesOf(batch({}))(-1_000)).toBeNull();
    expect(recordTimesOf(batch({}))(2 ** 60)).toBeNull();
    expect(recordTimesOf(batch({}))(9e15)).toBeNull(); // in no Date
  });
});
