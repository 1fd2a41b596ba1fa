import { describe, expect, it } from 'vitest';
import { batchTime } from './batch-time.js';

/** The answer to a Fetch of one partition that has one batch. */
function answer(
  options: { readonly attributes?: number; readonly magic?: number; readonly errorCode?: number } = {},
) {
  const batch = Buffer.alloc(61);
  batch.writeInt8(options.magic ?? 2, 16);
  batch.writeInt16BE(options.attributes ?? 0, 21);
  batch.writeBigInt64BE(1_000n, 27);
  batch.writeBigInt64BE(2_000n, 35);
  const head = Buffer.alloc(10);
  const partition = Buffer.alloc(30);
  partition.writeInt16BE(options.errorCode ?? 0, 4);
  const aborted = Buffer.alloc(16);
  return Buffer.concat([
    head,
    int32(1),
    Buffer.from([0, 1, 0x61]),
    int32(1),
    partition,
    int32(1),
    aborted,
    int32(-1),
    int32(batch.length),
    batch,
  ]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

describe('batchTime', () => {
  it('is when the first event of the batch was made, or the batch was stored where the topic says so', () => {
    expect(batchTime(answer())).toBe(1_000);
    expect(batchTime(answer({ attributes: 0x08 }))).toBe(2_000);
    expect(batchTime(answer({ attributes: 0x01 }))).toBe(1_000); // compressed
  });

  it('is null where there is no telling', () => {
    expect(batchTime(answer({ magic: 1 }))).toBeNull();
    expect(batchTime(answer({ errorCode: 29 }))).toBeNull();
    expect(batchTime(Buffer.concat([Buffer.alloc(10), int32(0)]))).toBeNull();
    const whole = answer();
    expect(batchTime(Buffer.concat([whole.subarray(0, -65), int32(0)]))).toBeNull();
  });
});
