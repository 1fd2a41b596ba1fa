import { InfrastructureError } from '@openedx-ts/events-core';
import type { LaneDescription, StoredMessage, StoredPlace } from '@openedx-ts/events-core/operate';
import { KafkaAccessError } from '../driver/kafka-error.js';
import { laneName } from '../group/lane-name.js';
import type { ClusterReader } from './cluster-reader.js';
import { readBackwards } from './read-backwards.js';
import { type PartitionRange, readPartition } from './read-partition.js';
import { type PartitionFacts, readTopic } from './read-topic.js';
import { RemovedOffsets } from './removed-offsets.js';

/**
 * Reads how many messages each partition of a topic holds, and the first and last of them; undefined for a topic that does
 * not exist.
 *
 * @throws KafkaAccessError when the user may not look
 * @throws InfrastructureError when the cluster cannot be reached
 */
export async function describeLanes(
  cluster: ClusterReader,
  fullTopic: string,
): Promise<readonly LaneDescription[] | undefined> {
  const state = await readTopic(cluster, fullTopic);
  if (state.kind === 'missing') return undefined;
  if (state.kind === 'refused') throw new KafkaAccessError(`topic ${fullTopic}: ${state.reason}`);
  const lanes: LaneDescription[] = [];
  for (let index = 0; index < state.partitions.length; index += AT_ONCE) {
    const some = state.partitions.slice(index, index + AT_ONCE);
    lanes.push(...(await Promise.all(some.map((facts) => describeLane(cluster, fullTopic, facts)))));
  }
  return lanes;
}

/** Partitions whose messages are read at the same time. */
const AT_ONCE = 16;

async function describeLane(
  cluster: ClusterReader,
  fullTopic: string,
  { partition, leader, first, readableEnd }: PartitionFacts,
): Promise<LaneDescription> {
  const lane = laneName(fullTopic, partition);
  if (first === null || readableEnd === null) return { lane, length: null, first: null, last: null };
  const range = { fullTopic, partition, leader, first, end: readableEnd, gone: RemovedOffsets.of(undefined) };
  const [oldest, newest] = await Promise.all([firstOf(cluster, range), lastOf(cluster, range)]);
  return { lane, length: readableEnd - first, first: placeIn(oldest), last: placeIn(newest) };
}

async function firstOf(cluster: ClusterReader, range: PartitionRange): Promise<StoredMessage | undefined> {
  return unlessUnreadable(async () => {
    for await (const [first] of readPartition(await cluster.driver(), range, 1))
      if (first !== undefined) return first;
    return undefined;
  });
}

async function lastOf(cluster: ClusterReader, range: PartitionRange): Promise<StoredMessage | undefined> {
  return unlessUnreadable(async () => {
    for await (const last of readBackwards(await cluster.driver(), range)) return last;
    return undefined;
  });
}

/** A partition whose messages cannot be read, or not by this user, does not hide the others. */
async function unlessUnreadable<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof KafkaAccessError || error instanceof InfrastructureError) return undefined;
    throw error;
  }
}

function placeIn(stored: StoredMessage | undefined): StoredPlace | null {
  return stored === undefined ? null : { position: stored.position, storedAt: stored.storedAt };
}
