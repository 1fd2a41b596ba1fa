import type { RequestType } from './request-type.js';

/** Which offsets of a topic's partitions to look for. */
export interface ListOffsetsQuery {
  /** 0 to count events of open transactions, 1 not to. */
  readonly isolationLevel: number;
  readonly topic: string;
  readonly partitions: readonly number[];
  /** In milliseconds; -1 for the end, -2 for the first event. */
  readonly timestamp: number;
}

/** What the leader of a partition answers. */
export interface ListedOffset {
  readonly partition: number;
  /** Kafka's number of the error with this partition; 0 for none. */
  readonly errorCode: number;
  /** -1 where there is no event since that time. */
  readonly offset: number;
}

/**
 * ListOffsets, versions 2 to 6 (Kafka 2.8), of one topic. Only the leader of a partition answers. Other servers that speak
 * Kafka's protocol offer older versions than Kafka does; leader epochs come with version 4.
 */
export const listOffsetsRequest: RequestType<ListOffsetsQuery, readonly ListedOffset[]> = {
  apiKey: 2,
  apiName: 'ListOffsets',
  minVersion: 2,
  maxVersion: 6,
  flexibleFrom: 6,
  write: (writer, { isolationLevel, topic, partitions, timestamp }, version) => {
    writer.int32(-1); // no replica
    writer.int8(isolationLevel);
    writer.array([topic], () => {
      writer.string(topic);
      writer.array(partitions, (partition) => {
        writer.int32(partition);
        if (version >= 4) writer.int32(-1); // whatever the epoch of its leader
        writer.int64(timestamp).taggedFields();
      });
      writer.taggedFields();
    });
    writer.taggedFields();
  },
  read: (reader, version) =>
    reader
      .array(() => {
        reader.string(); // the topic
        const partitions = reader.array(() => {
          const partition = reader.int32();
          const errorCode = reader.int16();
          reader.int64(); // the time of the event
          const offset = reader.int64();
          if (version >= 4) reader.int32(); // the epoch of the leader
          reader.taggedFields();
          return { partition, errorCode, offset };
        });
        reader.taggedFields();
        return partitions;
      })
      .flat(),
};
