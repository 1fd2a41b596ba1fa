import { DateTime, type StartPosition } from '@openedx-ts/events-core';
import { parsePartitionPositions, runtime } from '@openedx-ts/events-core/bus';
import type { Assignment } from '../driver/consumer-protocol.js';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { kafkaErrorType } from '../driver/kafka-error.js';
import type { GroupMemberId } from '../driver/protocol/offset-commit.js';

export interface StartOffsetsOptions {
  readonly driver: KafkaDriver;
  readonly coordinator: GroupCoordinator;
  readonly startFrom: StartPosition;
}

/**
 * Where a group begins. A group that is new to a topic gets its position before this member joins, so that what is sent
 * from then on arrives even if the group does nothing for a long time. A partition that was added later, when the group
 * knew the others, is read from its beginning: nothing of it was read.
 */
export class StartOffsets {
  readonly #options: StartOffsetsOptions;
  /** Topics on which the group was new when this member came. */
  readonly #new = new Set<string>();
  /** Topics that were not there when this member came: everything in them was sent since. */
  readonly #awaited = new Set<string>();

  /** @throws InvalidOptionsError when the position is none of Kafka's */
  constructor(options: StartOffsetsOptions) {
    this.#options = options;
    positions(options);
  }

  /** To be told when a topic is not there yet. */
  awaitTopic(topic: string): void {
    this.#awaited.add(topic);
  }

  /** Fixes the group's position on topics that are new to it. To be called before joining. */
  async fix(topics: readonly string[]): Promise<void> {
    for (const topic of topics) {
      const partitions = this.#options.driver.partitionsOf(topic).map(({ partition }) => partition);
      const committed = await this.#committed(topic, partitions);
      if (committed.size > 0 || partitions.length === 0) continue;
      this.#new.add(topic);
      await this.#commitAlone(topic, await this.#startOf(topic, partitions));
    }
  }

  /**
   * Where to go on in what a member was assigned. Where the group has no position yet, it is fixed before anything is
   * read from there.
   */
  async positionsIn(assignment: Assignment, member: GroupMemberId): Promise<readonly Position[]> {
    const positions: Position[] = [];
    for (const [topic, partitions] of assignment) {
      const known = await this.#committed(topic, partitions);
      const others = partitions.filter((partition) => !known.has(partition));
      const missing = others.length === 0 ? new Map<number, number>() : await this.#missing(topic, others);
      for (const partition of partitions) {
        const { offset, metadata } = known.get(partition) ?? {
          offset: missing.get(partition) ?? 0,
          metadata: null,
        };
        positions.push({ topic, partition, offset, metadata });
      }
      if (others.length > 0) await this.#commit(member, topic, missing);
    }
    return positions;
  }

  /** Where the group is; without those partitions on which it has no position. */
  async #committed(
    topic: string,
    partitions: readonly number[],
  ): Promise<ReadonlyMap<number, { readonly offset: number; readonly metadata: string | null }>> {
    const offsets = await this.#options.coordinator.offsetFetch([{ topic, partitions }]);
    return new Map(offsets.map(({ partition, offset, metadata }) => [partition, { offset, metadata }]));
  }

  /** Where to begin on partitions on which the group has no position. */
  async #missing(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    if (this.#new.has(topic)) return this.#startOf(topic, partitions);
    const { groupId } = this.#options.coordinator;
    runtime().logger.info(
      { topic, partitions, groupId },
      'partitions are new to the group, and read from the beginning',
    );
    return this.#options.driver.listOffsets(topic, partitions, 'earliest');
  }

  async #startOf(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const { driver, startFrom } = this.#options;
    if (startFrom === 'earliest') return driver.listOffsets(topic, partitions, 'earliest');
    if (typeof startFrom === 'string') {
      return driver.listOffsets(topic, partitions, this.#awaited.has(topic) ? 'earliest' : 'latest');
    }
    const ends = await driver.listOffsets(topic, partitions, 'latest');
    const wanted =
      'time' in startFrom
        ? await driver.listOffsets(topic, partitions, DateTime.from(startFrom.time).toDate().getTime())
        : positions(this.#options);
    return new Map(
      partitions.map((partition) => {
        const offset = wanted.get(partition) ?? -1;
        return [partition, offset < 0 ? (ends.get(partition) ?? 0) : offset];
      }),
    );
  }

  /** Without being a member, which a group allows that has none. */
  async #commitAlone(topic: string, offsets: ReadonlyMap<number, number>): Promise<void> {
    const { groupId } = this.#options.coordinator;
    try {
      await this.#commit({ groupId, generationId: -1, memberId: '' }, topic, offsets);
    } catch (error) {
      // It has members by now: each fixes what it is assigned.
      if (!hasMembers.has(kafkaErrorType(error) ?? '')) throw error;
    }
  }

  async #commit(member: GroupMemberId, topic: string, offsets: ReadonlyMap<number, number>): Promise<void> {
    const partitions = Array.from(offsets, ([partition, offset]) => ({ partition, offset, metadata: null }));
    await this.#options.coordinator.offsetCommit({ ...member, topics: [{ topic, partitions }] });
  }
}

/** An offset of a partition. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** What the group's commit says of it; null where there is none. */
  readonly metadata: string | null;
}

const hasMembers: ReadonlySet<string> = new Set([
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_MEMBER_ID',
]);

/** The offsets of `{ position: '0:17,1:4' }`, by partition. */
function positions({ startFrom, coordinator }: StartOffsetsOptions): ReadonlyMap<number, number> {
  if (typeof startFrom === 'string' || 'time' in startFrom) return new Map();
  return parsePartitionPositions(startFrom.position, `Kafka consumer of group ${coordinator.groupId}`);
}
