import type { KafkaDriver } from '../driver/kafka-driver.js';
import { KafkaAccessError } from '../driver/kafka-error.js';
import type { FetchedOffset } from '../driver/protocol/offset-fetch.js';
import { parseCommitMetadata } from '../group/commit-metadata.js';

/**
 * The offsets of a group on one topic, by partition. A commit in a topic of the same name that was deleted stands for the
 * first offset of this one: that is where members of this package continue.
 */
export async function effectiveOffsets(
  driver: KafkaDriver,
  topic: string,
  commits: readonly FetchedOffset[],
): Promise<ReadonlyMap<number, number>> {
  const offsets = new Map(commits.map(({ partition, offset }) => [partition, offset]));
  const ids = new Map(
    commits.map(({ partition, offset, metadata }) => [
      partition,
      parseCommitMetadata(metadata, offset, Number.POSITIVE_INFINITY)?.topicId,
    ]),
  );
  if ([...ids.values()].every((id) => id === undefined)) return offsets;
  const topicId = await idOf(driver, topic);
  const stale = [...ids].filter(([, id]) => id !== undefined && topicId !== undefined && id !== topicId);
  if (stale.length === 0) return offsets;
  const partitions = stale.map(([partition]) => partition);
  const first = await driver.listOffsetsByPartition(topic, partitions, 'earliest');
  for (const partition of first.failures.keys()) offsets.delete(partition); // it has no leader that could report it
  for (const [partition, offset] of first.offsets) offsets.set(partition, offset);
  return offsets;
}

/** Undefined when there is no such topic, or the user may not see it. */
async function idOf(driver: KafkaDriver, topic: string): Promise<string | undefined> {
  try {
    return (await driver.describeTopic(topic))?.topicId;
  } catch (error) {
    if (error instanceof KafkaAccessError) return undefined;
    throw error;
  }
}
