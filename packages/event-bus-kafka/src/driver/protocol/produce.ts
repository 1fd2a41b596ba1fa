import { groupBy } from '../../runtime/group-by.js';
import type { ProtocolReader } from './protocol-reader.js';
import type { RequestType } from './request-type.js';

/** A record batch for a partition. */
export interface BatchToProduce {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
}

/** A Produce request; each partition at most once. */
export interface ProduceQuery {
  readonly batches: readonly BatchToProduce[];
  /** How long the leader may wait for the replicas in sync, in milliseconds. */
  readonly timeoutMs: number;
}

/** What became of a partition's batch. */
export interface ProducedBatch {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's number of the error with this partition; 0 for none. */
  readonly errorCode: number;
  /** Offset of the first record; -1 where the broker does not report it. */
  readonly baseOffset: number;
  /** What the broker reports besides the number, if anything. */
  readonly errorMessage: string | null;
}

/** Produce, versions 3 (record batches) to 9 (Kafka 2.4), accepted when all replicas in sync have the records. */
export const produceRequest: RequestType<ProduceQuery, readonly ProducedBatch[]> = {
  apiKey: 0,
  apiName: 'Produce',
  minVersion: 3,
  maxVersion: 9,
  flexibleFrom: 9,
  isThrottleTimeLast: true,
  write: (writer, { batches, timeoutMs }) => {
    writer.string(null).int16(-1).int32(timeoutMs); // no transaction; all replicas in sync
    writer.array([...groupBy(batches, ({ topic }) => topic)], ([topic, ofTopic]) => {
      writer.string(topic);
      writer.array(ofTopic, ({ partition, bytes }) => {
        writer.int32(partition).lengthAndBytes(bytes).taggedFields();
      });
      writer.taggedFields();
    });
    writer.taggedFields();
  },
  read: (reader, version) =>
    reader
      .array(() => {
        const topic = reader.string();
        const partitions = reader.array(() => ({ topic, ...readPartition(reader, version) }));
        reader.taggedFields();
        return partitions;
      })
      .flat(),
};

function readPartition(reader: ProtocolReader, version: number): Omit<ProducedBatch, 'topic'> {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const baseOffset = reader.int64();
  reader.skip(version >= 5 ? 16 : 8); // time of appending; start of the log
  let errorMessage: string | null = null;
  if (version >= 8) {
    reader.array(() => {
      reader.int32(); // a record to blame; the sender finds it by itself, with every version
      reader.nullableString();
      reader.taggedFields();
    });
    errorMessage = reader.nullableString();
  }
  reader.taggedFields();
  return { partition, errorCode, baseOffset, errorMessage };
}
