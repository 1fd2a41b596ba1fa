import { DateTime, type StartPosition } from '@openedx-ts/events-core';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import type { ListedOffsets } from '../driver/listed-offsets.js';

/** The partitions of a topic on which a group has no position, and where it wants to start. */
export interface StartPositionsQuery {
  readonly driver: KafkaDriver;
  readonly fullTopic: string;
  readonly partitions: readonly number[];
  readonly startFrom: StartPosition;
  /** Offsets of `{ position: '0:17,1:4' }`, by partition. */
  readonly given: ReadonlyMap<number, number>;
  /** Whether all events of the topic were sent since the group asked for it. */
  readonly isAwaited: boolean;
  /** When partitions were found without a leader, in milliseconds since 1970. */
  readonly leaderlessSince: (partition: number) => number | undefined;
}

/**
 * Reads where a group starts. Of a partition that had no leader when the group was new, it starts with what was sent
 * since, by the time of the events.
 */
export async function startPositions(query: StartPositionsQuery): Promise<ListedOffsets> {
  const { driver, fullTopic, partitions, startFrom, isAwaited } = query;
  if (startFrom === 'earliest' || (typeof startFrom === 'string' && isAwaited))
    return driver.listOffsetsByPartition(fullTopic, partitions, 'earliest');
  const ends = await driver.listOffsetsByPartition(fullTopic, partitions, 'latest');
  const wanted = await wantedOffsets(query, [...ends.offsets.keys()]);
  const offsets = new Map<number, number>();
  for (const [partition, end] of ends.offsets) {
    if (wanted.failures.has(partition)) continue;
    const offset = wanted.offsets.get(partition) ?? -1;
    offsets.set(partition, offset < 0 ? end : offset);
  }
  return { offsets, failures: new Map([...ends.failures, ...wanted.failures]) };
}

/** Without those that start at the end. */
async function wantedOffsets(
  { driver, fullTopic, startFrom, given, leaderlessSince }: StartPositionsQuery,
  partitions: readonly number[],
): Promise<ListedOffsets> {
  if (typeof startFrom === 'object' && 'time' in startFrom) {
    const time = DateTime.from(startFrom.time).toDate().getTime();
    return driver.listOffsetsByPartition(fullTopic, partitions, time);
  }
  const offsets = new Map(typeof startFrom === 'object' ? given : []);
  const failures = new Map<number, Error>();
  for (const partition of partitions) {
    const since = leaderlessSince(partition);
    if (since === undefined || offsets.has(partition)) continue;
    const listed = await driver.listOffsetsByPartition(fullTopic, [partition], since);
    for (const [one, offset] of listed.offsets) offsets.set(one, offset);
    for (const [one, error] of listed.failures) failures.set(one, error);
  }
  return { offsets, failures };
}
