import type { Header } from '@openedx-ts/events-core/bus';
import kafkajs from 'kafkajs'; // its codecs are no named export to Node
import { ByteReader } from './byte-reader.js';

/** A record as it lies in a partition. */
export interface FetchedRecord {
  readonly offset: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly Header[];
  /** About what it takes in memory. */
  readonly size: number;
}

/** A transaction that was taken back: the records of this producer from this offset on, up to its abort marker. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** What was read, and the offset behind it; undefined when there was no whole batch. */
export interface DecodedBatches {
  readonly records: readonly FetchedRecord[];
  readonly nextOffset: number | undefined;
}

/**
 * Reads record batches (message format 2, Kafka 0.11 and newer): without those before `fromOffset`, control records and
 * those of transactions that were taken back. A batch that is cut off at the end is left for the next fetch.
 *
 * kafkajs' own decoder is not used: it cannot tell where a batch ends whose records compaction has removed, so that a
 * consumer asks for it for ever; headers lose their order; and it takes longer than all the rest of the way of an event.
 *
 * @throws RangeError when the bytes are no record batches
 */
export async function decodeRecordBatches(
  bytes: Buffer,
  fromOffset: number,
  aborted: readonly AbortedTransaction[] = [],
): Promise<DecodedBatches> {
  const records: FetchedRecord[] = [];
  const coming = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const open = new Set<bigint>();
  let nextOffset: number | undefined;
  for (let at = 0; at + HEADER_SIZE <= bytes.length; ) {
    const end = at + LENGTH_END + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    const batch = bytes.subarray(at, end);
    const { lastOffset, producerId, isTransactional, isControl } = headerOf(batch);
    while (coming[0] !== undefined && coming[0].firstOffset <= lastOffset) {
      open.add((coming.shift() as AbortedTransaction).producerId);
    }
    if (isControl) {
      if (isAbortMarker(batch)) open.delete(producerId);
    } else if (!(isTransactional && open.has(producerId))) {
      await readRecords(batch, fromOffset, records);
    }
    nextOffset = lastOffset + 1;
    at = end;
  }
  return { records, nextOffset };
}

/** Offset and length come before what the length counts. */
const LENGTH_END = 12;
/** Up to and with the number of records. */
const HEADER_SIZE = 61;

function headerOf(batch: Buffer) {
  const magic = batch.readInt8(16);
  if (magic !== 2) throw new RangeError(`message format ${magic} is older than Kafka 0.11`);
  const attributes = batch.readInt16BE(21);
  return {
    lastOffset: Number(batch.readBigInt64BE(0)) + batch.readInt32BE(23),
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

async function readRecords(batch: Buffer, fromOffset: number, into: FetchedRecord[]): Promise<void> {
  const baseOffset = Number(batch.readBigInt64BE(0));
  const compression = batch.readInt16BE(21) & 0x7;
  const count = batch.readInt32BE(57);
  const reader =
    compression === 0
      ? new ByteReader(batch, HEADER_SIZE)
      : new ByteReader(await decompress(compression, batch.subarray(HEADER_SIZE)));
  for (let index = 0; index < count; index += 1) {
    const length = reader.varint();
    const end = reader.at + length;
    reader.skip(1);
    reader.varlong();
    const offset = baseOffset + reader.varint();
    if (offset < fromOffset) {
      reader.moveTo(end);
      continue;
    }
    const key = reader.bytes(reader.varint());
    const value = reader.bytes(reader.varint());
    into.push({ offset, key, value, headers: readHeaders(reader), size: length + 200 });
    reader.moveTo(end);
  }
}

function readHeaders(reader: ByteReader): readonly Header[] {
  const headers: Header[] = [];
  for (let left = reader.varint(); left > 0; left -= 1) {
    const name = reader.text(reader.varint());
    headers.push([name, reader.bytes(reader.varint()) ?? nothing]);
  }
  return headers;
}

const nothing = Buffer.alloc(0);

/** gzip is there; users give kafkajs the codecs of other compressions. */
async function decompress(compression: number, bytes: Buffer): Promise<Buffer> {
  const makeCodec = (kafkajs.CompressionCodecs as Readonly<Record<number, (() => Codec) | undefined>>)[
    compression
  ];
  try {
    const codec = makeCodec?.();
    if (codec !== undefined) return await codec.decompress(bytes);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'KafkaJSNotImplemented') throw error;
  }
  const name = ['none', 'gzip', 'snappy', 'lz4', 'zstd'][compression] ?? `number ${compression}`;
  throw new UnknownCompressionError(name);
}

interface Codec {
  decompress(bytes: Buffer): Promise<Buffer>;
}

/** Records are compressed in a way that nothing here can read. */
export class UnknownCompressionError extends Error {
  constructor(compression: string) {
    super(`records are compressed with ${compression}: give kafkajs a codec for it in CompressionCodecs`);
    this.name = 'UnknownCompressionError';
  }
}

/**
 * When the first of some record batches was sent, in milliseconds since 1970; null when that is not known or there is
 * none. Events of a batch were sent within moments of each other.
 */
export function batchTime(batches: Buffer): number | null {
  if (batches.length < BATCH_TIMES_END || batches.readInt8(16) !== 2) return null;
  const isLogAppendTime = (batches.readInt16BE(21) & 0x08) !== 0;
  const time = Number(batches.readBigInt64BE(isLogAppendTime ? 35 : 27));
  return time > 0 ? time : null;
}

/** Behind the first and the greatest time of a batch. */
const BATCH_TIMES_END = 43;
