import type { ProtocolReader } from './protocol-reader.js';
import type { ProtocolWriter } from './protocol-writer.js';
import type { RequestType } from './request-type.js';

/** Whose offsets to read, and of which partitions; null for all that the group has committed. */
export interface OffsetFetchQuery {
  readonly groupId: string;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[] | null;
}

/** A partition's committed offset. */
export interface FetchedOffset {
  readonly topic: string;
  readonly partition: number;
  /** -1 where the group has committed none. */
  readonly offset: number;
  /** The leader's epoch when the last event before the offset was written; -1 where it is not known. */
  readonly leaderEpoch: number;
  /** The text that was committed with the offset; null or empty for none. */
  readonly metadata: string | null;
  /** Kafka's number of the error with this partition; 0 for none. */
  readonly errorCode: number;
}

/** The committed offsets of a group. */
export interface OffsetFetchAnswer {
  readonly offsets: readonly FetchedOffset[];
  /** Kafka's number of the error with the group; 0 for none. */
  readonly errorCode: number;
}

/** OffsetFetch, versions 5 (Kafka 2.3) to 9 (Kafka 3.7). From version 8 on a request may name several groups. */
export const offsetFetchRequest: RequestType<OffsetFetchQuery, OffsetFetchAnswer> = {
  apiKey: 9,
  apiName: 'OffsetFetch',
  minVersion: 5,
  maxVersion: 9,
  flexibleFrom: 6,
  write: (writer, query, version) => {
    if (version < 8) writeGroup(writer, query, version);
    else writer.array([query], (group) => writeGroup(writer, group, version).taggedFields());
    if (version >= 7) writer.boolean(false); // offsets of transactions that are not completed yet are not waited for
    writer.taggedFields();
  },
  read: (reader, version) => {
    if (version < 8) return readGroup(reader);
    const [answer] = reader.array(() => {
      reader.string(); // the group
      const group = readGroup(reader);
      reader.taggedFields();
      return group;
    });
    return answer ?? { offsets: [], errorCode: 0 };
  },
};

function writeGroup(
  writer: ProtocolWriter,
  { groupId, topics }: OffsetFetchQuery,
  version: number,
): ProtocolWriter {
  writer.string(groupId);
  if (version >= 9) writer.string(null).int32(-1); // no member of Kafka 4's consumer protocol
  return writer.array(topics, ({ topic, partitions }) => {
    writer.string(topic);
    writer.array(partitions, (partition) => writer.int32(partition));
    writer.taggedFields();
  });
}

function readGroup(reader: ProtocolReader): OffsetFetchAnswer {
  const offsets = reader
    .array(() => {
      const topic = reader.string();
      const partitions = reader.array(() => readOffset(reader, topic));
      reader.taggedFields();
      return partitions;
    })
    .flat();
  return { offsets, errorCode: reader.int16() };
}

function readOffset(reader: ProtocolReader, topic: string): FetchedOffset {
  const partition = reader.int32();
  const offset = reader.int64();
  const leaderEpoch = reader.int32();
  const metadata = reader.nullableString();
  const errorCode = reader.int16();
  reader.taggedFields();
  return { topic, partition, offset, leaderEpoch, metadata, errorCode };
}
