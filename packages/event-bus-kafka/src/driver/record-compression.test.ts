import { describe, expect, it } from 'vitest';
import { compressions } from './compression/compression.js';
import { encodeRecordBatch } from './protocol/encode-record-batch.js';
import { decodeRecordBatches } from './protocol/record-batch.js';
import { recordCompression } from './record-compression.js';

const header = { timestamp: 1_700_000_000_000, producerId: -1n, producerEpoch: -1, baseSequence: -1 };
const messages = Array.from({ length: 20 }, (_, id) => ({
  topic: 'orders',
  key: Buffer.from(`key-${id % 3}`),
  value: Buffer.from(`{"id":${id},"name":"user ${id}"}`),
  headers: [['ce_type', Buffer.from('org.example.v1')]] as const,
}));

describe('recordCompression', () => {
  it.each(compressions)(
    '%s: batches are smaller, carry the number of their codec, and are read',
    async (name) => {
      const plain = await encodeRecordBatch(messages, header);
      const batch = await encodeRecordBatch(messages, header, recordCompression(name));
      if (name !== 'none') expect(batch.length).toBeLessThan(plain.length);
      expect(batch.readInt16BE(21) & 7).toBe(compressions.indexOf(name));
      const { records } = await decodeRecordBatches(batch, 0);
      expect(records.map(({ value }) => String(value))).toStrictEqual(
        messages.map(({ value }) => String(value)),
      );
    },
  );
});
