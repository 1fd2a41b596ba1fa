import type { RequestType } from './request-type.js';

/** A member of a group in its present generation. */
export interface GroupMemberId {
  readonly groupId: string;
  /** -1 for a commit from outside the group, which Kafka accepts while the group has no members. */
  readonly generationId: number;
  readonly memberId: string;
}

/** What to commit for a partition. */
export interface OffsetToCommit {
  readonly partition: number;
  readonly offset: number;
  /** A text that the broker keeps with the offset. */
  readonly metadata: string | null;
}

/** The offsets to commit, by topic. */
export interface OffsetCommitQuery extends GroupMemberId {
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly OffsetToCommit[] }[];
}

/** What became of a partition's commit: Kafka's number of the error; 0 for none. */
export interface CommittedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
}

/** OffsetCommit, versions 7 (Kafka 2.3) to 9 (Kafka 3.5). */
export const offsetCommitRequest: RequestType<OffsetCommitQuery, readonly CommittedPartition[]> = {
  apiKey: 8,
  apiName: 'OffsetCommit',
  minVersion: 7,
  maxVersion: 9,
  flexibleFrom: 8,
  write: (writer, { groupId, generationId, memberId, topics }) => {
    writer.string(groupId).int32(generationId).string(memberId).string(null); // no static membership
    writer.array(topics, ({ topic, partitions }) => {
      writer.string(topic);
      writer.array(partitions, ({ partition, offset, metadata }) => {
        writer.int32(partition).int64(offset).int32(-1).string(metadata).taggedFields(); // -1: no leader epoch
      });
      writer.taggedFields();
    });
    writer.taggedFields();
  },
  read: (reader) =>
    reader
      .array(() => {
        const topic = reader.string();
        const partitions = reader.array(() => {
          const partition = reader.int32();
          const errorCode = reader.int16();
          reader.taggedFields();
          return { topic, partition, errorCode };
        });
        reader.taggedFields();
        return partitions;
      })
      .flat(),
};
