import { ByteReader } from '../group/byte-reader.js';

/**
 * When the first batch in the answer to a Fetch of one partition was sent, in milliseconds since 1970; null when there
 * is none. Events of a batch were sent within moments of each other.
 */
export function batchTime(fetchResponse: Buffer): number | null {
  const reader = new ByteReader(fetchResponse);
  reader.skip(10); // throttle time, error, session
  if (reader.int32() === 0) return null;
  reader.string();
  if (reader.int32() === 0) return null;
  reader.skip(4); // partition
  if (reader.int16() !== 0) return null;
  reader.skip(24); // high watermark, last stable and log start offset
  reader.list(() => reader.skip(16)); // aborted transactions
  reader.skip(4); // preferred replica
  const batch = reader.bytes(reader.int32());
  if (batch === null || batch.length < BATCH_TIMES_END || batch.readInt8(16) !== 2) return null;
  const isLogAppendTime = (batch.readInt16BE(21) & 0x08) !== 0;
  const time = Number(batch.readBigInt64BE(isLogAppendTime ? 35 : 27));
  return time > 0 ? time : null;
}

/** Behind the first and the greatest time of a batch. */
const BATCH_TIMES_END = 43;
