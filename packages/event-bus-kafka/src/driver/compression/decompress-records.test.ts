import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecordBatches } from '../protocol/record-batch.js';
import { bombs } from './bombs.test-support.js';
import { compressRecords } from './compress-records.js';
import { compressions } from './compression.js';
import { decompressRecords } from './decompress-records.js';
import { eventLoopTurns } from './event-loop-turns.test-support.js';
import { foreignBatches, lz4WithChecksums, lz4WithLinkedBlocks } from './foreign-batches.test-support.js';

const MIB = 1024 * 1024;
const codecs = compressions.slice(1);

describe('decompressRecords', () => {
  it.each(Object.keys(foreignBatches))('reads %s', async (name) => {
    const batch = Buffer.from(foreignBatches[name] as string, 'base64');
    const { records, unreadable } = await decodeRecordBatches(batch, 0);
    expect(unreadable).toBeUndefined();
    const expected = Array.from({ length: 40 }, (_, id) => [
      `key-${id % 3}`,
      `{"id":${id},"name":"user ${(id * 7919) % 1000}","text":"été 学"}`,
      'org.example.v1',
    ]);
    expect(records.map(({ key, value, headers }) => [key, value, headers[0]?.[1]].map(String))).toStrictEqual(
      expected,
    );
  });

  it('reads bare snappy of many blocks, and copies of every kind', async () => {
    const copies = [0x05, 5, 0x16, 5, 0, 0x17, 5, 0, 0, 0]; // 5 bytes, 6 and 6, each 5 bytes back
    const packed = Buffer.from([22, 4 << 2, ...Buffer.from('abcde'), ...copies]);
    expect(String(await decompressRecords('snappy', packed, 100))).toBe('abcdeabcdeabcdeabcdeab');
    const long = Buffer.alloc(70_000, 'x');
    const literals = Buffer.concat([Buffer.from([0xf0, 0xa2, 4, 62 << 2, 0x6f, 0x11, 1]), long]);
    expect(Buffer.compare(await decompressRecords('snappy', literals, 70_000), long)).toBe(0);
  });

  it.each(Object.keys(bombs))('refuses %s within the limits of memory and time', async (name) => {
    const { compression, bytes, reason } = (bombs[name] as (typeof bombs)[string])();
    const refused = () => expect(decompressRecords(compression, bytes, 32 * MIB)).rejects.toThrow(reason);
    const before = process.resourceUsage().maxRSS;
    await expect(refused).toCostAtMostMs(100);
    expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(64);
  });

  it.each(codecs)(
    '%s: whatever bytes come, it ends with bytes within the limit or a RangeError',
    async (codec) => {
      const text = Array.from({ length: 300 }, (_, id) => `{"id":${id},"name":"user ${(id * 7919) % 1000}"}`);
      const good = Buffer.from(await compressRecords(codec, Buffer.from(text.join())));
      const spoilt = fc.oneof(
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        fc.nat(good.length - 1).map((end) => good.subarray(0, end)),
        fc
          .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
          .map((changes) => {
            const bytes = Buffer.from(good);
            for (const [at, byte] of changes) bytes[at] = byte;
            return bytes;
          }),
      );
      await fc.assert(
        fc.asyncProperty(spoilt, async (bytes) => {
          const result = await decompressRecords(codec, bytes, 64 * 1024).catch((error: unknown) => error);
          if (result instanceof Buffer) expect(result.length).toBeLessThanOrEqual(64 * 1024);
          else expect(result).toBeInstanceOf(RangeError);
        }),
        { numRuns: 500 },
      );
    },
  );

  it.each(codecs)('%s: bytes that are cut off are not taken for fewer', async (codec) => {
    const good = Buffer.from(await compressRecords(codec, Buffer.alloc(200_000, 'some text ')));
    for (const missing of [1, 5, 100])
      await expect(decompressRecords(codec, good.subarray(0, -missing), MIB)).rejects.toThrow(/damaged/);
  });

  it.each(codecs)('%s allows as many bytes as the limit, and not one more', async (codec) => {
    const packed = Buffer.from(await compressRecords(codec, Buffer.alloc(100_000, 'ab')));
    expect(await decompressRecords(codec, packed, 100_000)).toHaveLength(100_000);
    await expect(decompressRecords(codec, packed, 99_999)).rejects.toThrow(
      'its records take more than 99999 bytes once they are unpacked (maxBatchBytes)',
    );
  });

  it('lz4: a wrong checksum of header, block or content is an error', async () => {
    expect(String(await decompressRecords('lz4', lz4WithChecksums, 100))).toBe('abcde'.repeat(6));
    for (const at of [14, 34, 42]) {
      const spoilt = Buffer.from(lz4WithChecksums);
      spoilt[at] = (spoilt[at] as number) ^ 1;
      await expect(decompressRecords('lz4', spoilt, 100)).rejects.toThrow(/checksum/);
    }
  });

  it('lz4: blocks may refer to earlier ones', async () => {
    expect(String(await decompressRecords('lz4', lz4WithLinkedBlocks, MIB))).toBe('abcdefgh'.repeat(12_000));
  });

  it.each(['snappy', 'lz4'] as const)('%s lets the event loop run while it works', async (codec) => {
    const packed = Buffer.from(
      await compressRecords(codec, Buffer.alloc(8 * MIB, 'some text that repeats ')),
    );
    expect(await eventLoopTurns(decompressRecords(codec, packed, 8 * MIB))).toBeGreaterThanOrEqual(5);
  });
});
