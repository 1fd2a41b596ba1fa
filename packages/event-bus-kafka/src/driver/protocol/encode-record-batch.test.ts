import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Header, Message } from '@openedx-ts/events-core/bus';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.js';
import { encodeRecordBatch, withSequence } from './encode-record-batch.js';
import { decodeRecordBatches } from './record-batch.js';

const header = { timestamp: 1_700_000_000_000, producerId: 77n, producerEpoch: 3, baseSequence: 12 };
const message = (key: string | null, value: string | null, headers: readonly Header[] = []): Message => ({
  topic: 't',
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  headers,
});
const read = async (batch: Buffer) => {
  const { records, nextOffset, unreadable } = await decodeRecordBatches(batch, 0);
  expect(unreadable).toBeUndefined();
  expect(nextOffset).toBe(records.length);
  return records.map(({ key, value, headers }) => plain({ topic: 't', key, value, headers }));
};

describe('encodeRecordBatch', () => {
  it('writes the bytes that kafkajs writes for the same records', async () => {
    const encoded = await encodeRecordBatch(
      [message('k', 'one', [['a', Buffer.from('1')]]), message(null, null)],
      header,
    );
    expect(encoded.toString('hex')).toBe((await kafkajsBatch()).toString('hex'));
  });

  it('keeps keys, values and headers of all kinds, those that repeat and those that are null', async () => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 200 }));
    const messages = fc.array(
      fc.record({
        topic: fc.constant('t'),
        key: bytes,
        value: bytes,
        headers: fc.array(fc.tuple(fc.string({ unit: 'binary' }), bytes), { maxLength: 5 }),
      }),
      { minLength: 1, maxLength: 70 },
    );
    await fc.assert(
      fc.asyncProperty(messages, async (given) => {
        expect(await read(await encodeRecordBatch(given, header))).toStrictEqual(given.map(plain));
      }),
      { numRuns: 20 },
    );
  });

  it('compresses the records, and not the header', async () => {
    const given = Array.from({ length: 50 }, (_, number) => message('key', `value ${number}`));
    const gzip = { codec: 1, compress: (bytes: Uint8Array) => gzipSync(bytes) };
    const batch = await encodeRecordBatch(given, header, gzip);
    expect(batch.length).toBeLessThan(500);
    expect(batch.readInt16BE(21)).toBe(1);
    expect(batch.readUInt32BE(17)).toBe(crc32c(batch, 21));
    expect(await read(batch)).toStrictEqual(given.map(plain));
  });

  it('returns another batch for another sequence, with the same records and a right check sum', async () => {
    const batch = await encodeRecordBatch([message('k', 'v')], header);
    const before = Buffer.from(batch);
    const sequence = { producerId: 2n ** 40n, producerEpoch: 4, baseSequence: 0 };
    const other = withSequence(batch, sequence);
    expect(batch).toStrictEqual(before);
    expect(other).toStrictEqual(await encodeRecordBatch([message('k', 'v')], { ...header, ...sequence }));
  });
});

function plain({ key, value, headers }: Message) {
  const hex = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('hex'));
  return { key: hex(key), value: hex(value), headers: headers.map(([name, bytes]) => [name, hex(bytes)]) };
}

/** The same batch as the first test's, by kafkajs' encoder. */
async function kafkajsBatch(): Promise<Buffer> {
  const internals = createRequire(import.meta.url);
  const { RecordBatch } = internals('kafkajs/src/protocol/recordBatch/v0/index.js');
  const Record = internals('kafkajs/src/protocol/recordBatch/record/v0/index.js');
  const { timestamp } = header;
  const records = [
    Record({ offsetDelta: 0, timestampDelta: 0, key: 'k', value: 'one', headers: { a: '1' } }),
    Record({ offsetDelta: 1, timestampDelta: 0, key: null, value: null, headers: {} }),
  ];
  const { buffer } = await RecordBatch({
    partitionLeaderEpoch: -1,
    firstTimestamp: timestamp,
    maxTimestamp: timestamp,
    producerId: Number(header.producerId),
    producerEpoch: header.producerEpoch,
    firstSequence: header.baseSequence,
    lastOffsetDelta: 1,
    records,
  });
  return buffer;
}
