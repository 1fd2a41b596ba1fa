import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.js';
import { decodeFetch, encodeFetch, type FetchPosition } from './fetch-protocol.js';

const at = (topic: string, partition: number, offset: number): FetchPosition => ({
  topic,
  partition,
  offset,
  maxBytes: 1_000,
});

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

const text = (value: string) => Buffer.concat([int16(value.length), Buffer.from(value)]);

/** A partition of a response: number, error, high watermark, and the bytes of its batches. */
const partition = (number: number, errorCode: number, highWatermark: number, batches: Buffer) =>
  Buffer.concat([
    int32(number),
    int16(errorCode),
    int64(highWatermark),
    int64(0), // last stable offset
    int64(0), // log start offset
    int32(-1), // no aborted transactions
    int32(-1), // preferred replica
    int32(batches.length),
    batches,
  ]);

const response = (errorCode: number, ...partitions: readonly Buffer[]) =>
  Buffer.concat([
    int32(0),
    int16(errorCode),
    int32(0),
    int32(1),
    text('t'),
    int32(partitions.length),
    ...partitions,
  ]);

describe('encodeFetch', () => {
  it('asks for each topic once, with all of its partitions', () => {
    const body = encodeFetch([at('a', 0, 5), at('b', 1, 2 ** 40), at('a', 2, 7)], {
      maxWaitMs: 500,
      maxBytes: 9_000,
    });
    const reader = new ByteReader(body);
    expect([reader.int32(), reader.int32(), reader.int32(), reader.int32()]).toStrictEqual([
      -1, 500, 1, 9_000,
    ]);
    reader.skip(1); // isolation
    expect([reader.int32(), reader.int32()]).toStrictEqual([0, -1]); // no session
    const topics = reader.list(() => ({
      topic: reader.string(),
      partitions: reader.list(() => {
        const number = reader.int32();
        reader.skip(4); // leader epoch
        const offset = reader.int64();
        reader.skip(8); // log start offset
        return [number, offset, reader.int32()];
      }),
    }));
    expect(topics).toStrictEqual([
      {
        topic: 'a',
        partitions: [
          [0, 5, 1_000],
          [2, 7, 1_000],
        ],
      },
      { topic: 'b', partitions: [[1, 2 ** 40, 1_000]] },
    ]);
    expect(reader.int32()).toBe(0); // nothing forgotten
    expect(reader.string()).toBe(''); // no rack
    expect(() => reader.int32()).toThrow();
  });
});

describe('decodeFetch', () => {
  it('keeps partitions apart: an error or bytes that make no sense touch only their own', async () => {
    const garbage = Buffer.alloc(80, 0x7f);
    garbage.writeInt32BE(68, 8); // as long as it says
    const bytes = response(
      0,
      partition(0, 0, 12, Buffer.alloc(0)),
      partition(1, 6, -1, Buffer.alloc(0)),
      partition(2, 0, 12, garbage),
    );
    const { errorCode, partitions } = await decodeFetch(bytes, [at('t', 0, 1), at('t', 1, 1), at('t', 2, 1)]);
    expect(errorCode).toBe(0);
    expect(partitions).toMatchObject([
      { topic: 't', partition: 0, errorCode: 0, highWatermark: 12, records: [], unreadable: undefined },
      { partition: 1, errorCode: 6, records: [], unreadable: undefined },
      { partition: 2, errorCode: 0, records: [], nextOffset: undefined, unreadable: expect.any(Error) },
    ]);
  });

  it('has the error of the whole answer', async () => {
    expect(await decodeFetch(response(71), [])).toStrictEqual({ errorCode: 71, partitions: [] });
  });

  it('refuses an answer that is cut short', async () => {
    const whole = response(0, partition(0, 0, 12, Buffer.alloc(0)));
    await expect(decodeFetch(whole.subarray(0, -1), [at('t', 0, 1)])).rejects.toThrow();
  });
});
