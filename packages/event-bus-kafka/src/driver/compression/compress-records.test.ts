import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compressRecords } from './compress-records.js';
import { compressions } from './compression.js';
import { decompressRecords } from './decompress-records.js';
import { eventLoopTurns } from './event-loop-turns.test-support.js';

/** Bytes with repetitions near and far, longer and shorter than what the formats write in one element. */
const repetitive = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(600)), { maxLength: 12 })
  .map((parts) => Buffer.concat(parts.flatMap(([bytes, times]) => Array(times).fill(bytes))));

describe('compressRecords', () => {
  it.each(compressions)('%s: what was compressed is decompressed to the same bytes', async (compression) => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 2_000 }), repetitive), async (bytes) => {
        const packed = Buffer.from(await compressRecords(compression, bytes));
        expect(Buffer.compare(await decompressRecords(compression, packed, bytes.length + 1), bytes)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it.each([0, 1, 12, 13, 65_535, 65_536, 65_537, 131_072, 200_000])(
    'splits %i bytes into blocks, whether they shrink or not',
    async (length) => {
      const noise = Buffer.from(Array.from({ length }, (_, at) => (Math.imul(at, 0x9e3779b1) >>> 13) & 0xff));
      for (const compression of compressions) {
        for (const bytes of [Buffer.alloc(length, 'ab'), noise]) {
          const packed = Buffer.from(await compressRecords(compression, bytes));
          expect(packed.length).toBeLessThan(length * 1.01 + 100);
          expect(Buffer.compare(await decompressRecords(compression, packed, length + 1), bytes)).toBe(0);
        }
      }
    },
  );

  it.each(compressions.slice(1))('%s makes events much smaller', async (compression) => {
    const events = Array.from({ length: 500 }, (_, id) => JSON.stringify({ id, name: `user ${id}` }));
    const bytes = Buffer.from(events.join());
    expect((await compressRecords(compression, bytes)).length).toBeLessThan(bytes.length / 2);
  });

  it.each(['snappy', 'lz4'] as const)('%s lets the event loop run while it works', async (compression) => {
    const bytes = Buffer.alloc(8 * 1024 * 1024, 'some text that repeats ');
    expect(await eventLoopTurns(compressRecords(compression, bytes))).toBeGreaterThanOrEqual(5);
  });
});
