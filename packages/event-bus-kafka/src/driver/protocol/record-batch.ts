import type { Header } from '@openedx-ts/events-core/bus';
import { recordTimesOf } from './batch-time.js';
import { ByteReader } from './byte-reader.js';
import { HeaderReader } from './header-reader.js';
import { unpackRecords } from './unpack-records.js';

/** A record of a partition. */
export interface FetchedRecord {
  readonly offset: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly Header[];
  /** When it was sent, or stored in a topic with `LogAppendTime`, in milliseconds since 1970; null when that is unknown. */
  readonly sentAt: number | null;
  /** Approximate size in memory, in bytes. */
  readonly size: number;
  /** Set when this record represents a batch that cannot be read, from `firstOffset` to `offset`. */
  readonly unreadable?: { readonly firstOffset: number; readonly error: Error };
}

/** An aborted transaction: the records of this producer from this offset to its abort marker. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** A batch that cannot be read. */
export interface UnreadableBatch {
  /** The first requested offset that is in the batch. */
  readonly firstOffset: number;
  /** The last offset according to the batch, which may be wrong. */
  readonly lastOffset: number;
  readonly error: Error;
}

/** The records that were read, and the next offset; undefined when no batch was read completely. */
export interface DecodedBatches {
  readonly records: readonly FetchedRecord[];
  readonly nextOffset: number | undefined;
  /** The batch that cannot be read and at which reading ended. */
  readonly unreadable?: UnreadableBatch;
}

/** Limits of one call: a few compressed bytes may expand to gigabytes. */
export interface DecodeLimits {
  /** Maximum size of a batch after decompression, in bytes; a larger batch cannot be read. @defaultValue 33554432 */
  readonly maxBatchBytes?: number | undefined;
  /** Bytes of records after which reading ends: the next fetch reads the others. @defaultValue no limit */
  readonly maxRecordBytes?: number;
}

/** The default of `maxBatchBytes`. */
export const MAX_BATCH_BYTES = 32 * 1024 * 1024;

/**
 * Reads record batches (message format 2, Kafka 0.11 and newer). Omits records before `fromOffset`, control records and
 * records of aborted transactions. An incomplete batch at the end is left for the next fetch. Reading ends at a batch that
 * cannot be read; the promise does not reject.
 *
 * The decoder of kafkajs is not used: it does not know where a batch ends whose records were removed by compaction, so that a
 * consumer fetches it forever; it loses the order of headers; and it takes more time than all other steps of an event.
 */
export async function decodeRecordBatches(
  bytes: Buffer,
  fromOffset: number,
  aborted: readonly AbortedTransaction[] = [],
  { maxBatchBytes = MAX_BATCH_BYTES, maxRecordBytes = Infinity }: DecodeLimits = {},
): Promise<DecodedBatches> {
  const into: ReadRecords = { records: [], bytes: 0, maxBytes: maxRecordBytes };
  const coming = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const open = new Set<bigint>();
  let nextOffset: number | undefined;
  for (let at = 0; at < bytes.length && into.bytes < maxRecordBytes; ) {
    const whole = into.records.length;
    try {
      const end = endOf(bytes, at);
      if (end > bytes.length) {
        if (at > 0) break;
        throw new IncompleteBatchError();
      }
      const batch = bytes.subarray(at, end);
      const { lastOffset, producerId, isTransactional, isControl } = headerOf(batch, nextOffset ?? 0);
      while (coming[0] !== undefined && coming[0].firstOffset <= lastOffset) {
        open.add((coming.shift() as AbortedTransaction).producerId);
      }
      if (isControl) {
        if (isAbortMarker(batch)) open.delete(producerId);
      } else if (!(isTransactional && open.has(producerId))) {
        const records = await unpackRecords(batch, HEADER_SIZE, maxBatchBytes);
        const read = readRecords(batch, records, fromOffset, into);
        if (read !== undefined) return { records: into.records, nextOffset: read };
      }
      nextOffset = lastOffset + 1;
      at = end;
    } catch (error) {
      const offsets = offsetsOf(bytes, at, nextOffset ?? fromOffset);
      const unreadable = { ...offsets, error: error as Error };
      return { records: into.records.slice(0, whole), nextOffset, unreadable };
    }
  }
  return { records: into.records, nextOffset };
}

/** Whether the first batch of a fetch is incomplete, although brokers send it whole whatever its size. */
export class IncompleteBatchError extends Error {
  constructor() {
    super('the broker sends only a part of the batch');
    this.name = 'IncompleteBatchError';
  }
}

/** The records read so far. */
interface ReadRecords {
  readonly records: FetchedRecord[];
  bytes: number;
  readonly maxBytes: number;
}

/** Bytes before those that the length counts: base offset and length. */
const LENGTH_END = 12;
/** Position of the format's number (magic), in all formats. */
const MAGIC = 16;
/** Length of a batch's header, including the number of records. */
const HEADER_SIZE = 61;

/** Returns the end of a batch, which is beyond the bytes when it is incomplete. */
function endOf(bytes: Buffer, at: number): number {
  const cutOff = bytes.length + 1;
  if (at + MAGIC >= bytes.length) return cutOff;
  const magic = bytes.readInt8(at + MAGIC);
  if (magic !== 2) throw new RangeError(`message format ${magic} is not that of Kafka 0.11 and newer`);
  if (at + HEADER_SIZE > bytes.length) return cutOff;
  const length = bytes.readInt32BE(at + 8);
  if (length < HEADER_SIZE - LENGTH_END) throw new RangeError('the length of the batch is wrong');
  return at + LENGTH_END + length;
}

/**
 * Returns the offsets of a batch according to its header, limited to possible values. Messages of the formats before 2 have
 * one offset: when they are compressed, that of the last message in them.
 */
function offsetsOf(bytes: Buffer, at: number, fromOffset: number): Omit<UnreadableBatch, 'error'> {
  if (at + LAST_OFFSET_END > bytes.length) return { firstOffset: fromOffset, lastOffset: fromOffset };
  const baseOffset = Number(bytes.readBigInt64BE(at));
  const isOld = bytes.readInt8(at + MAGIC) < 2;
  const firstOffset = isOld ? fromOffset : Math.max(fromOffset, baseOffset);
  const lastOffset = isOld ? baseOffset : baseOffset + bytes.readInt32BE(at + LAST_OFFSET_END - 4);
  return { firstOffset, lastOffset: Math.max(firstOffset, lastOffset) };
}

const LAST_OFFSET_END = 27;

function headerOf(batch: Buffer, leastOffset: number) {
  const attributes = batch.readInt16BE(21);
  const baseOffset = Number(batch.readBigInt64BE(0));
  const lastOffset = baseOffset + batch.readInt32BE(23);
  if (baseOffset < leastOffset || lastOffset < baseOffset || !Number.isSafeInteger(lastOffset))
    throw new RangeError('the offsets of the batch are wrong');
  return {
    lastOffset,
    producerId: batch.readBigInt64BE(43),
    isTransactional: (attributes & 0x10) !== 0,
    isControl: (attributes & 0x20) !== 0,
  };
}

/** A control record's key: version, then 0 for abort and 1 for commit. */
function isAbortMarker(batch: Buffer): boolean {
  if (batch.readInt32BE(57) === 0) return false;
  const reader = new ByteReader(batch, HEADER_SIZE);
  reader.varint();
  reader.skip(1);
  reader.varlong();
  reader.varint();
  return reader.bytes(reader.varint())?.readInt16BE(2) === 0;
}

/**
 * Reads the records of a batch from an offset on.
 *
 * @returns the next offset when the limit was reached before the end; otherwise undefined
 * @throws RangeError when a record is damaged: then no record of the batch is used
 */
function readRecords(
  batch: Buffer,
  unpacked: Buffer,
  fromOffset: number,
  into: ReadRecords,
): number | undefined {
  const baseOffset = Number(batch.readBigInt64BE(0));
  const lastOffset = baseOffset + batch.readInt32BE(23);
  const count = batch.readInt32BE(57);
  if (count < 0) throw new RangeError('the number of records is wrong');
  const reader = new ByteReader(unpacked);
  const headerReader = new HeaderReader();
  const time = recordTimesOf(batch);
  let before = baseOffset - 1;
  for (let index = 0; index < count; index += 1) {
    const length = reader.varint();
    const end = reader.at + length;
    reader.skip(1);
    const sentAt = time(reader.varlong());
    const offset = baseOffset + reader.varint();
    if (offset <= before || offset > lastOffset) throw new RangeError('the offset of a record is wrong');
    before = offset;
    if (offset >= fromOffset) {
      if (into.bytes >= into.maxBytes) return offset;
      const key = reader.bytes(reader.varint());
      const value = reader.bytes(reader.varint());
      const headers = headerReader.read(reader);
      const size = length + RECORD_COST + headers.length * HEADER_COST;
      into.records.push({ offset, key, value, headers, sentAt, size });
      into.bytes += size;
    }
    reader.moveTo(end);
  }
  return undefined;
}

/** Approximate sizes of objects in memory, in bytes. */
export const RECORD_COST = 200;
const HEADER_COST = 100;
