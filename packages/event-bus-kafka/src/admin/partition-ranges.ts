import type { ReadBounds } from '@openedx-ts/events-core/operate';
import type { ClusterReader } from './cluster-reader.js';
import type { DeadLetterMarks } from './dead-letter-marks.js';
import { parsePosition } from './parse-position.js';
import type { PartitionRange } from './read-partition.js';
import { RemovedOffsets } from './removed-offsets.js';

/** Where topics and the marks of removed dead letters are read. */
export interface PartitionRangesSource {
  readonly cluster: ClusterReader;
  readonly marks: DeadLetterMarks;
}

/**
 * Looks up which offsets of each partition of a topic are within bounds, in the order of the partitions; none for a topic
 * that does not exist.
 *
 * @throws InvalidOptionsError when a bound is no position of Kafka
 * @throws InfrastructureError when the cluster cannot be reached
 */
export async function partitionRanges(
  { cluster, marks }: PartitionRangesSource,
  fullTopic: string,
  { from, after, since, until }: ReadBounds,
): Promise<readonly PartitionRange[]> {
  const start = from === undefined ? undefined : parsePosition(from);
  const behind = after === undefined ? undefined : parsePosition(after);
  const driver = await cluster.driver();
  const described = await driver.describeTopic(fullTopic);
  const partitions = (described?.partitions ?? [])
    .filter(({ partition }) => start === undefined || start.partition === partition)
    .filter(({ partition }) => behind === undefined || behind.partition <= partition)
    .sort((a, b) => a.partition - b.partition);
  if (partitions.length === 0) return [];
  const numbers = partitions.map(({ partition }) => partition);
  const ends = await driver.listOffsets(fullTopic, numbers, 'latest');
  const begins = await driver.listOffsets(fullTopic, numbers, 'earliest');
  const firstSince = since === undefined ? begins : await driver.listOffsets(fullTopic, numbers, since);
  const firstBehind =
    until === undefined ? undefined : await driver.listOffsets(fullTopic, numbers, until + 1);
  const removed = await marks.removed(fullTopic, numbers, ends);
  return partitions.map(({ partition, leader }) => {
    const begin = begins.get(partition) ?? 0;
    const gone = removed.get(partition) ?? RemovedOffsets.of(undefined);
    const behindOffset = behind?.partition === partition ? behind.offset + 1 : 0;
    const least = Math.max(begin, gone.below, start?.offset ?? 0, behindOffset);
    // An offset by time is negative where no event is that new.
    const endByTime = firstBehind?.get(partition) ?? -1;
    const end = endByTime < 0 ? (ends.get(partition) ?? 0) : endByTime;
    const firstByTime = firstSince.get(partition) ?? begin;
    const first = firstByTime < 0 ? end : Math.max(least, firstByTime);
    return { fullTopic, partition, leader, first, end, gone };
  });
}
