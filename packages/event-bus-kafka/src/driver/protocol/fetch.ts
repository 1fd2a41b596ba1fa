import { groupBy } from '../../runtime/group-by.js';
import type { ProtocolReader } from './protocol-reader.js';
import type { AbortedTransaction } from './record-batch.js';
import type { RequestType } from './request-type.js';

/** Where to go on reading a partition. */
export interface FetchPosition {
  readonly topic: string;
  /** The id of the topic, for version 13; undefined when it is not known. */
  readonly topicId?: string | undefined;
  readonly partition: number;
  readonly offset: number;
  /** Most bytes of this partition; a first batch that is larger comes nevertheless. */
  readonly maxBytes: number;
  /** Bytes of unpacked records after which reading of this partition ends. @defaultValue no limit */
  readonly maxRecordBytes?: number;
}

/** Limits of one Fetch request. */
export interface FetchLimits {
  /** How long the broker may wait for events to come. */
  readonly maxWaitMs: number;
  /** Most bytes of the whole response; a first batch that is larger comes nevertheless. */
  readonly maxBytes: number;
}

/** A Fetch request. */
export interface FetchQuery extends FetchLimits {
  readonly positions: readonly FetchPosition[];
}

/** A partition's part of a Fetch response. */
export interface FetchedBatches {
  /** The topic's name up to version 12, its id in version 13. */
  readonly topicOrId: string;
  readonly partition: number;
  /** Kafka's number of the error with this partition; 0 for none. */
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Whole record batches; the last may be cut off. */
  readonly batches: Buffer;
}

/** What a broker answers to a Fetch request. */
export interface FetchAnswer {
  /** Kafka's number of the error with the whole request; 0 for none. */
  readonly errorCode: number;
  readonly partitions: readonly FetchedBatches[];
}

/** From this version on topics are named by their ids. */
export const FETCH_BY_TOPIC_ID = 13;

/** Fetch, versions 11 (Kafka 2.3) to 13 (Kafka 3.1), reading what is committed and without a fetch session. */
export const fetchRequest: RequestType<FetchQuery, FetchAnswer> = {
  apiKey: 1,
  apiName: 'Fetch',
  minVersion: 11,
  maxVersion: 13,
  flexibleFrom: 12,
  write: (writer, { positions, maxWaitMs, maxBytes }, version) => {
    writer.int32(-1).int32(maxWaitMs).int32(1).int32(maxBytes); // no replica; at least one byte
    writer.int8(1).int32(0).int32(-1); // read committed, no session
    writer.array([...groupedByTopic(positions)], ([topic, partitions]) => {
      if (version >= FETCH_BY_TOPIC_ID) writer.uuid(partitions[0]?.topicId);
      else writer.string(topic);
      writer.array(partitions, (position) => {
        writer.int32(position.partition).int32(-1).int64(position.offset); // -1: no leader epoch
        if (version >= 12) writer.int32(-1); // no epoch of the last event fetched
        writer.int64(-1).int32(position.maxBytes).taggedFields(); // -1: no log start offset
      });
      writer.taggedFields();
    });
    writer.array([], () => {}); // nothing to forget without a session
    writer.string('').taggedFields(); // no rack
  },
  read: (reader, version) => {
    const errorCode = reader.int16();
    reader.int32(); // session
    const partitions = reader
      .array(() => {
        const topicOrId = version >= FETCH_BY_TOPIC_ID ? (reader.uuid() ?? '') : reader.string();
        const ofTopic = reader.array(() => ({ topicOrId, ...readPartition(reader) }));
        reader.taggedFields();
        return ofTopic;
      })
      .flat();
    return { errorCode, partitions };
  },
};

function readPartition(reader: ProtocolReader): Omit<FetchedBatches, 'topicOrId'> {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = reader.int64();
  reader.skip(16); // last stable and log start offset
  const aborted = reader.array(() => {
    const transaction = { producerId: reader.bigint64(), firstOffset: reader.int64() };
    reader.taggedFields();
    return transaction;
  });
  reader.int32(); // preferred replica
  const batches = reader.lengthAndBytes();
  reader.taggedFields();
  return { partition, errorCode, highWatermark, aborted, batches };
}

function groupedByTopic(positions: readonly FetchPosition[]): ReadonlyMap<string, readonly FetchPosition[]> {
  return groupBy(positions, ({ topic }) => topic);
}
