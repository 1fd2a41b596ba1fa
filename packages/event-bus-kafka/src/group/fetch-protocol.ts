import { ByteReader } from './byte-reader.js';
import { type DecodedBatches, decodeRecordBatches } from './record-batch.js';

/** Where to go on reading a partition. */
export interface FetchPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly maxBytes: number;
}

export interface FetchLimits {
  /** How long the broker may wait for something to come. */
  readonly maxWaitMs: number;
  /** Of the whole answer; a first batch that is larger comes nevertheless. */
  readonly maxBytes: number;
}

/** What a broker has of a partition, or the number of the error it has with it. */
export interface FetchedPartition extends DecodedBatches {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  /** Set when the bytes could not be read. */
  readonly unreadable: unknown;
}

export const FETCH_API_KEY = 1;
/** Kafka 2.3 and newer. */
export const FETCH_API_VERSION = 11;

/** The body of a Fetch request, version 11, reading what is committed. */
export function encodeFetch(positions: readonly FetchPosition[], limits: FetchLimits): Buffer {
  const byTopic = new Map<string, FetchPosition[]>();
  for (const position of positions) {
    const others = byTopic.get(position.topic);
    if (others === undefined) byTopic.set(position.topic, [position]);
    else others.push(position);
  }
  const parts: Buffer[] = [
    ints(-1, limits.maxWaitMs, 1, limits.maxBytes),
    Buffer.from([1]), // isolation: read committed
    ints(0, -1, byTopic.size), // no fetch session
  ];
  for (const [topic, partitions] of byTopic) {
    parts.push(string(topic), ints(partitions.length));
    for (const { partition, offset, maxBytes } of partitions) {
      const entry = Buffer.alloc(28);
      entry.writeInt32BE(partition, 0);
      entry.writeInt32BE(-1, 4);
      entry.writeBigInt64BE(BigInt(offset), 8);
      entry.writeBigInt64BE(-1n, 16);
      entry.writeInt32BE(maxBytes, 24);
      parts.push(entry);
    }
  }
  parts.push(ints(0), string(''));
  return Buffer.concat(parts);
}

/** Reads the body of a Fetch response, version 11. Trouble with one partition does not touch the others. */
export async function decodeFetch(
  bytes: Buffer,
  positions: readonly FetchPosition[],
): Promise<{ readonly errorCode: number; readonly partitions: readonly FetchedPartition[] }> {
  const reader = new ByteReader(bytes);
  reader.int32(); // throttle time
  const errorCode = reader.int16();
  reader.int32(); // session
  const raw = reader
    .list(() => {
      const topic = reader.string();
      return reader.list(() => ({ topic, ...readPartition(reader) }));
    })
    .flat();
  const partitions: FetchedPartition[] = [];
  for (const { bytes: batches, aborted, ...rest } of raw) {
    const from = positions.find(
      ({ topic, partition }) => topic === rest.topic && partition === rest.partition,
    );
    try {
      const decoded = await decodeRecordBatches(batches, from?.offset ?? 0, aborted);
      partitions.push({ ...rest, ...decoded, unreadable: undefined });
    } catch (unreadable) {
      partitions.push({ ...rest, records: [], nextOffset: undefined, unreadable });
    }
  }
  return { errorCode, partitions };
}

function readPartition(reader: ByteReader) {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = reader.int64();
  reader.skip(16); // last stable and log start offset
  const aborted = reader.list(() => ({ producerId: reader.bigint64(), firstOffset: reader.int64() }));
  reader.int32(); // preferred replica
  const bytes = reader.bytes(reader.int32()) ?? Buffer.alloc(0);
  return { partition, errorCode, highWatermark, aborted, bytes };
}

function ints(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value, 4 * index);
  return bytes;
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(2);
  length.writeInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
