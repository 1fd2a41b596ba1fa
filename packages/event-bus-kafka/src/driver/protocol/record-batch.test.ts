import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecordBatches, IncompleteBatchError } from './record-batch.js';

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

/** A message without a key, as producers wrote it before Kafka 0.10. */
function messageOfFormat0(offset: number, value: Buffer): Buffer {
  const message = Buffer.alloc(26);
  message.writeBigInt64BE(BigInt(offset), 0);
  message.writeInt32BE(14 + value.length, 8);
  message.writeInt32BE(-1, 18); // no key
  message.writeInt32BE(value.length, 22);
  return Buffer.concat([message, value]);
}

/** A zigzag number of up to 32 bits. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value * 2;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Buffer.from([...bytes, left]);
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

  it('reads gzip', async () => {
    const zipped = await batch({ values: [Buffer.from('x')], compression: 1 });
    expect((await decodeRecordBatches(zipped, 0)).records[0]?.value?.toString()).toBe('x');
  });

  it('leaves out a transaction that was taken back, and keeps others', async () => {
    const bytes = await batch({ values: [Buffer.from('x')], transactional: true });
    const aborted = [{ producerId: 7n, firstOffset: 0 }];
    expect(await decodeRecordBatches(bytes, 0, aborted)).toStrictEqual({ records: [], nextOffset: 1 });
    expect((await decodeRecordBatches(bytes, 0, [])).records).toHaveLength(1);
  });

  it('reads what lies before a batch that cannot be read, and reports which that is', async () => {
    const whole = await batch({ firstOffset: 5, values: [Buffer.from('x')] });
    const bad = await batch({ firstOffset: 6, values: [Buffer.from('y'), Buffer.from('z')] });
    const behind = await batch({ firstOffset: 8, values: [Buffer.from('w')] });
    const damages: [(bytes: Buffer) => unknown, RegExp][] = [
      [(bytes) => bytes.writeInt8(1, 16), /message format 1/],
      [(bytes) => bytes.writeInt32BE(-12, 8), /length of the batch/],
      [(bytes) => bytes.writeInt16BE(6, 21), /no compression with the number 6/],
      [(bytes) => bytes.writeInt16BE(1, 21), /incorrect header check/],
      [(bytes) => bytes.writeInt16BE(2, 21), /damaged: .* snappy/],
      [(bytes) => bytes.writeInt16BE(3, 21), /damaged: there is no lz4 frame/],
      [(bytes) => bytes.writeInt16BE(4, 21), /damaged: there is no zstd frame/],
      [(bytes) => bytes.writeInt32BE(-1, 57), /number of records/],
      [(bytes) => bytes.writeInt32BE(99, 57), /end too early/],
      [(bytes) => bytes.fill(0xff, 61), /RangeError|number takes|end too early/],
      [(bytes) => bytes.writeInt32BE(0, 23), /offset of a record/],
    ];
    for (const [damage, reason] of damages) {
      const bytes = Buffer.from(bad);
      damage(bytes);
      const decoded = await decodeRecordBatches(Buffer.concat([whole, bytes, behind]), 5);
      expect(decoded.records.map(({ offset }) => offset)).toStrictEqual([5]);
      expect(decoded.nextOffset).toBe(6);
      expect(decoded.unreadable?.error.message).toMatch(reason);
      expect(decoded.unreadable?.firstOffset).toBe(6);
    }
    const again = await decodeRecordBatches(Buffer.concat([whole, bad, behind]), 5);
    expect(again.records).toHaveLength(4);
  });

  it('knows that a message of an older format has one offset, whatever lies where its successor has more', async () => {
    const bytes = Buffer.concat([
      messageOfFormat0(6, Buffer.alloc(300, 'x')),
      await batch({ firstOffset: 7, values: [null] }),
    ]);
    const { nextOffset, unreadable } = await decodeRecordBatches(bytes, 6);
    expect([nextOffset, unreadable?.firstOffset, unreadable?.lastOffset]).toStrictEqual([undefined, 6, 6]);
    // The offset of a compressed message is that of the last one in it.
    expect((await decodeRecordBatches(bytes, 3)).unreadable).toMatchObject({ firstOffset: 3, lastOffset: 6 });
  });

  it('never reports an unreadable batch that ends before it starts, so that who skips it gets on', async () => {
    const earlier = messageOfFormat0(2, Buffer.alloc(300, 'x'));
    expect((await decodeRecordBatches(earlier, 6)).unreadable).toMatchObject({
      firstOffset: 6,
      lastOffset: 6,
    });
    const negative = await batch({ firstOffset: 7, values: [null] });
    negative.writeInt32BE(-5, 23); // the offset of its last record
    expect((await decodeRecordBatches(negative, 7)).unreadable).toMatchObject({
      firstOffset: 7,
      lastOffset: 7,
    });
  });

  it('reports that a first batch is cut off, which no broker does', async () => {
    const whole = await batch({ values: [Buffer.from('x')] });
    const { nextOffset, unreadable } = await decodeRecordBatches(whole.subarray(0, -1), 0);
    expect(nextOffset).toBeUndefined();
    expect(unreadable?.error).toBeInstanceOf(IncompleteBatchError);
  });

  it('unpacks no more of a batch than it may', async () => {
    const bomb = await batch({ values: [Buffer.alloc(64 * 1024 * 1024)], compression: 1 });
    expect(bomb.length).toBeLessThan(100_000);
    const { unreadable } = await decodeRecordBatches(bomb, 0);
    expect(unreadable?.error.message).toMatch(/more than 33554432 bytes .*\(maxBatchBytes\)/);
    const whole = await decodeRecordBatches(bomb, 0, [], { maxBatchBytes: 65 * 1024 * 1024 });
    expect(whole.records).toHaveLength(1);
  });

  it('reads no more records at once than it may, and goes on inside of the batch', async () => {
    const values = Array.from({ length: 1_000 }, () => Buffer.alloc(10));
    const bytes = await batch({ firstOffset: 40, values, compression: 1 });
    const offsets: number[] = [];
    let from = 40;
    for (let fetches = 0; fetches < 20 && from < 1_040; fetches += 1) {
      const decoded = await decodeRecordBatches(bytes, from, [], { maxRecordBytes: 32_000 });
      expect(decoded.records.length).toBeLessThan(110);
      offsets.push(...decoded.records.map(({ offset }) => offset));
      from = decoded.nextOffset as number;
    }
    expect(offsets).toStrictEqual(values.map((_value, index) => 40 + index));
  });

  it('counts headers, and refuses more of them than any event has', async () => {
    const record = (count: number) => {
      const headers = Buffer.concat([varint(count), Buffer.alloc(count * 2)]);
      const body = Buffer.concat([Buffer.from([0, 0, 0, 1, 1]), headers]);
      return Buffer.concat([varint(body.length), body]);
    };
    const withHeaders = async (count: number) => {
      const head = (await batch({ values: [Buffer.from('x')] })).subarray(0, 61);
      const bytes = Buffer.concat([head, record(count)]);
      bytes.writeInt32BE(bytes.length - 12, 8);
      return decodeRecordBatches(bytes, 0);
    };
    expect((await withHeaders(10_000)).records[0]?.size).toBeGreaterThan(1_000_000);
    expect((await withHeaders(10_001)).unreadable?.error.message).toMatch(/more than 10000 headers/);
  });

  it('ends with a result whatever bytes come', async () => {
    const good = await batch({ values: [Buffer.from('some value')] });
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(good);
        bytes[at] = byte;
        await decodeRecordBatches(bytes, 0);
      }),
    );
  });
});
