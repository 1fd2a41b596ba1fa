import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import type { GroupLag } from '@openedx-ts/events-core/operate';
import { KafkaAccessError } from '../driver/kafka-error.js';
import { laneName } from '../group/lane-name.js';
import type { ClusterReader } from './cluster-reader.js';
import { type GroupFacts, membersOn } from './read-groups.js';
import type { PartitionFacts, TopicFacts } from './read-topic.js';

/** How far a group is behind in one partition. */
export interface PartitionLag extends GroupLag {
  readonly partition: number;
  /** Null where the group has none. */
  readonly committed: number | null;
  readonly first: number | null;
  readonly end: number | null;
}

/** How far a group is behind in each partition of a topic. */
export async function groupLags(
  cluster: ClusterReader,
  topic: string,
  { fullTopic, partitions }: TopicFacts,
  group: GroupFacts,
): Promise<readonly PartitionLag[]> {
  const offsets = group.committed.get(fullTopic);
  const lags: PartitionLag[] = [];
  for (const place of partitions) {
    const { partition, first, end } = place;
    const committed = offsets?.get(partition) ?? null;
    const next = nextOffset(committed, place);
    const lag = next === null || end === null ? null : Math.max(0, end - next);
    lags.push({
      topic,
      groupId: group.groupId,
      lane: laneName(fullTopic, partition),
      partition,
      committed,
      first,
      end,
      members: group.state === 'Dead' ? null : membersOn(group.members, fullTopic),
      length: first === null || end === null ? null : end - first,
      lag,
      pending: null, // Kafka knows only what was committed
      oldestAgeMs: lag === 0 ? 0 : await oldestAge(cluster, fullTopic, place, next),
      distanceToTrim: committed !== null && first !== null && committed < first ? committed - first : null,
    });
  }
  return lags;
}

/** What the group gets next: without a position it begins with what is there. */
function nextOffset(committed: number | null, { first, end }: PartitionFacts): number | null {
  if (first === null || end === null) return null;
  return committed === null || committed > end ? first : Math.max(committed, first);
}

async function oldestAge(
  cluster: ClusterReader,
  fullTopic: string,
  { partition, leader }: PartitionFacts,
  offset: number | null,
): Promise<number | null> {
  if (offset === null) return null;
  try {
    const sentAt = await cluster.sentAt(fullTopic, partition, leader, offset);
    return sentAt === null ? null : Math.max(0, runtime().clock.now() - sentAt);
  } catch (error) {
    // The user may look at offsets and not at events, or the leader has just stopped.
    if (error instanceof KafkaAccessError || error instanceof InfrastructureError) return null;
    throw error;
  }
}
