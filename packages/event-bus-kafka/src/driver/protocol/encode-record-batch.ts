import type { Message } from '@openedx-ts/events-core/bus';
import { crc32c } from './crc32c.js';
import { encodeRecords } from './encode-records.js';

/** Where a batch stands in the sequence of its producer, by which a broker recognises one that it has stored already. */
export interface BatchSequence {
  /** -1 without a producer id: the broker then stores each copy. */
  readonly producerId: bigint;
  /** -1 without a producer id. */
  readonly producerEpoch: number;
  /** The number of its first record, counted for each partition and epoch; -1 without a producer id. */
  readonly baseSequence: number;
}

/** How the records of a batch are compressed. */
export interface RecordCompression {
  /** Kafka's number: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly codec: number;
  readonly compress: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

/** The header of a batch. */
export interface BatchHeader extends BatchSequence {
  /** When its records were sent, in milliseconds since 1970. */
  readonly timestamp: number;
}

/**
 * Encodes messages as one record batch (message format 2), in their order, each header with its own bytes.
 *
 * @param compression @defaultValue none
 */
export async function encodeRecordBatch(
  messages: readonly Message[],
  header: BatchHeader,
  compression?: RecordCompression,
): Promise<Buffer> {
  const plain = encodeRecords(messages, compression === undefined ? HEADER_SIZE : 0);
  if (compression === undefined) return sealed(plain, messages.length, header, 0);
  const compressed = await compression.compress(plain);
  const batch = Buffer.allocUnsafe(HEADER_SIZE + compressed.length);
  batch.set(compressed, HEADER_SIZE);
  return sealed(batch, messages.length, header, compression.codec);
}

/** Returns a copy of a batch under another sequence; its records are not encoded again. */
export function withSequence(batch: Buffer, sequence: BatchSequence): Buffer {
  const copy = Buffer.from(batch);
  writeSequence(copy, sequence);
  return withChecksum(copy);
}

/** Length of what precedes the records, their number included. */
const HEADER_SIZE = 61;

function sealed(batch: Buffer, count: number, header: BatchHeader, codec: number): Buffer {
  batch.writeBigInt64BE(0n, 0); // the broker sets the base offset
  batch.writeInt32BE(batch.length - 12, 8); // what follows the length
  batch.writeInt32BE(-1, 12); // no leader epoch
  batch.writeInt8(2, 16);
  batch.writeInt16BE(codec, 21);
  batch.writeInt32BE(count - 1, 23);
  const timestamp = BigInt(Math.trunc(header.timestamp));
  batch.writeBigInt64BE(timestamp, 27); // of the first
  batch.writeBigInt64BE(timestamp, 35); // and the maximum
  writeSequence(batch, header);
  batch.writeInt32BE(count, 57);
  return withChecksum(batch);
}

function writeSequence(batch: Buffer, { producerId, producerEpoch, baseSequence }: BatchSequence): void {
  batch.writeBigInt64BE(producerId, 43);
  batch.writeInt16BE(producerEpoch, 51);
  batch.writeInt32BE(baseSequence, 53);
}

function withChecksum(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch, 21), 17); // of everything behind it
  return batch;
}
