import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchTime, decodeRecordBatches } from './record-batch.js';

const internals = createRequire(import.meta.url);
const { RecordBatch } = internals('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch: (batch: object) => Promise<{ readonly buffer: Buffer }>;
};
const Record = internals('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => object;

interface Given {
  readonly firstOffset?: number;
  readonly values: readonly (Buffer | null)[];
  readonly compression?: number;
  readonly transactional?: boolean;
}

/** A batch as kafkajs' producer writes it. */
async function batch({ firstOffset = 0, values, compression = 0, transactional = false }: Given) {
  const records = values.map((value, offsetDelta) =>
    Record({ offsetDelta, timestampDelta: 0, key: null, value, headers: { a: 'b' } }),
  );
  const { buffer } = await RecordBatch({
    compression,
    transactional,
    firstTimestamp: 0,
    maxTimestamp: 0,
    producerId: 7,
    producerEpoch: 0,
    firstSequence: 0,
    lastOffsetDelta: values.length - 1,
    records,
  });
  buffer.writeBigInt64BE(BigInt(firstOffset), 0);
  return buffer;
}

describe('decodeRecordBatches', () => {
  it('reads what kafkajs writes, and knows where to go on', async () => {
    const bytes = await batch({ firstOffset: 40, values: [Buffer.from('x'), null] });
    const { records, nextOffset } = await decodeRecordBatches(bytes, 40);
    expect(records.map(({ offset, value }) => [offset, value?.toString()])).toStrictEqual([
      [40, 'x'],
      [41, undefined],
    ]);
    expect(records[0]?.headers).toStrictEqual([['a', Buffer.from('b')]]);
    expect(nextOffset).toBe(42);
  });

  it('leaves out what lies before the offset that was asked for', async () => {
    const bytes = await batch({ firstOffset: 40, values: [Buffer.from('x'), Buffer.from('y')] });
    const { records } = await decodeRecordBatches(bytes, 41);
    expect(records.map(({ offset }) => offset)).toStrictEqual([41]);
  });

  it('passes over a batch whose records compaction has removed', async () => {
    const bytes = await batch({ firstOffset: 40, values: [] });
    bytes.writeInt32BE(4, 23); // it ended at offset 44
    expect(await decodeRecordBatches(bytes, 40)).toStrictEqual({ records: [], nextOffset: 45 });
  });

  it('leaves a batch that is cut off for the next fetch', async () => {
    const whole = await batch({ values: [Buffer.from('x')] });
    const next = await batch({ firstOffset: 1, values: [Buffer.from('y')] });
    const { records, nextOffset } = await decodeRecordBatches(
      Buffer.concat([whole, next.subarray(0, -1)]),
      0,
    );
    expect([records.length, nextOffset]).toStrictEqual([1, 1]);
  });

  it('reads gzip, and names a compression that nothing here can read', async () => {
    const zipped = await batch({ values: [Buffer.from('x')], compression: 1 });
    expect((await decodeRecordBatches(zipped, 0)).records[0]?.value?.toString()).toBe('x');
    const bytes = await batch({ values: [Buffer.from('x')] });
    bytes.writeInt16BE(2, 21);
    await expect(decodeRecordBatches(bytes, 0)).rejects.toThrow('compressed with snappy');
  });

  it('leaves out a transaction that was taken back, and keeps others', async () => {
    const bytes = await batch({ values: [Buffer.from('x')], transactional: true });
    const aborted = [{ producerId: 7n, firstOffset: 0 }];
    expect(await decodeRecordBatches(bytes, 0, aborted)).toStrictEqual({ records: [], nextOffset: 1 });
    expect((await decodeRecordBatches(bytes, 0, [])).records).toHaveLength(1);
  });

  it('ends with a RangeError or a result whatever bytes come', async () => {
    const good = await batch({ values: [Buffer.from('some value')] });
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(good);
        bytes[at] = byte;
        try {
          await decodeRecordBatches(bytes, 0);
        } catch (error) {
          expect(['RangeError', 'UnknownCompressionError', 'Error']).toContain((error as Error).name);
        }
      }),
    );
  });
});

describe('batchTime', () => {
  function batch({ attributes = 0, magic = 2 }: { readonly attributes?: number; readonly magic?: number }) {
    const bytes = Buffer.alloc(61);
    bytes.writeInt8(magic, 16);
    bytes.writeInt16BE(attributes, 21);
    bytes.writeBigInt64BE(1_000n, 27);
    bytes.writeBigInt64BE(2_000n, 35);
    return bytes;
  }

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
