import { groupBy } from '../runtime/group-by.js';
import type { PartitionMetadata } from './protocol/metadata.js';

/** Partitions of a topic by the node that leads them, and those without a leader. */
export interface PartitionsByLeader {
  readonly led: ReadonlyMap<number, readonly number[]>;
  /** Also those that the metadata do not have. */
  readonly leaderless: readonly number[];
}

/** Groups partitions by their leaders, as the metadata report them. */
export function byLeader(
  metadata: readonly PartitionMetadata[],
  partitions: readonly number[],
): PartitionsByLeader {
  const leaders = new Map(metadata.map(({ partition, leader }) => [partition, leader]));
  const led = new Map<number, readonly number[]>(
    groupBy(partitions, (partition) => leaders.get(partition) ?? NONE),
  );
  const leaderless = led.get(NONE) ?? [];
  led.delete(NONE);
  return { led, leaderless };
}

const NONE = -1;
