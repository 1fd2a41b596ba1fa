import { KafkaAccessError } from '../driver/kafka-error.js';
import type { PartitionMetadata } from '../driver/protocol/metadata.js';
import type { ClusterReader } from './cluster-reader.js';

/** A topic as far as Kafka shows it. */
export type TopicState =
  | { readonly kind: 'missing' }
  /** The user may not look. */
  | { readonly kind: 'refused'; readonly reason: string }
  | ({ readonly kind: 'topic' } & TopicFacts);

/** What Kafka reports of a topic. */
export interface TopicFacts {
  readonly fullTopic: string;
  readonly partitions: readonly PartitionFacts[];
}

/** What Kafka reports of a partition; offsets are null while it has no leader. */
export interface PartitionFacts extends PartitionMetadata {
  /** The first event that is still there. */
  readonly first: number | null;
  /** Behind the last event that is stored. */
  readonly end: number | null;
  /** Behind the last event that may be read: at `end`, or at the first event of an open transaction. */
  readonly readableEnd: number | null;
}

/** Reads where the partitions of a topic begin and end. */
export async function readTopic(cluster: ClusterReader, fullTopic: string): Promise<TopicState> {
  try {
    const places = await cluster.partitions(fullTopic);
    if (places === undefined) return { kind: 'missing' };
    const led = places.filter(({ leader }) => leader !== -1).map(({ partition }) => partition);
    const first = await cluster.offsets(fullTopic, led, 'earliest');
    const readableEnd = await cluster.offsets(fullTopic, led, 'latest');
    const end = await cluster.offsets(fullTopic, led, 'end');
    return {
      kind: 'topic',
      fullTopic,
      partitions: places.map((place) => ({
        ...place,
        first: first.get(place.partition) ?? null,
        end: end.get(place.partition) ?? null,
        readableEnd: readableEnd.get(place.partition) ?? null,
      })),
    };
  } catch (error) {
    if (error instanceof KafkaAccessError) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

/** Events that a topic holds, about: what was compacted away and marks of transactions count, too. */
export function eventCount({ partitions }: TopicFacts): number {
  return partitions.reduce((sum, { first, end }) => sum + ((end ?? 0) - (first ?? 0)), 0);
}
