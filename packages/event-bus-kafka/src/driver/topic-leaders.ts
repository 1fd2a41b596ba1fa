import type { TopicMetadata } from './protocol/metadata.js';

/** Where a topic's partitions are led. */
export interface TopicLeaders {
  /** Kafka's number of the error with this topic; 0 for none. */
  readonly errorCode: number;
  /** Node ids by partition; -1 for a partition without a leader. Empty with an error. */
  readonly leaders: readonly number[];
}

/** The leaders of a topic according to its metadata. */
export function topicLeaders({ errorCode, partitions }: TopicMetadata): TopicLeaders {
  if (errorCode !== 0) return { errorCode, leaders: [] };
  const leaders = new Array<number>(partitions.length).fill(-1);
  for (const { partition, leader } of partitions) leaders[partition] = leader;
  return { errorCode, leaders };
}
