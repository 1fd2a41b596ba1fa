import { DateTime, InvalidOptionsError, type StartPosition } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { kafkaErrorType } from '../kafka-error.js';
import type { DriverMember } from './driver.js';
import type { Assignment } from './group-assignment.js';
import type { GroupCluster } from './group-cluster.js';

export interface StartOffsetsOptions {
  readonly cluster: GroupCluster;
  readonly groupId: string;
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
      const partitions = this.#options.cluster.partitionsOf(topic).map(({ partition }) => partition);
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
  async positionsIn(assignment: Assignment, member: DriverMember): Promise<readonly Position[]> {
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
    const { cluster, groupId } = this.#options;
    const query = {
      groupId,
      topics: [{ topic, partitions: partitions.map((partition) => ({ partition })) }],
    };
    const { responses } = await cluster.askCoordinator('committed offsets cannot be read', (broker) =>
      broker.offsetFetch(query),
    );
    const offsets = responses.flatMap((one) => one.partitions);
    return new Map(
      offsets
        .filter(({ offset }) => Number(offset) >= 0)
        .map(({ partition, offset, metadata = null }) => [partition, { offset: Number(offset), metadata }]),
    );
  }

  /** Where to begin on partitions on which the group has no position. */
  async #missing(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    if (this.#new.has(topic)) return this.#startOf(topic, partitions);
    const { groupId } = this.#options;
    runtime().logger.info(
      { topic, partitions, groupId },
      'partitions are new to the group, and read from the beginning',
    );
    return this.#options.cluster.offsetsAt(topic, partitions, 'earliest');
  }

  async #startOf(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const { cluster, startFrom } = this.#options;
    if (startFrom === 'earliest') return cluster.offsetsAt(topic, partitions, 'earliest');
    if (typeof startFrom === 'string') {
      return cluster.offsetsAt(topic, partitions, this.#awaited.has(topic) ? 'earliest' : 'latest');
    }
    const ends = await cluster.offsetsAt(topic, partitions, 'latest');
    const wanted =
      'time' in startFrom
        ? await cluster.offsetsAt(topic, partitions, DateTime.from(startFrom.time).toDate().getTime())
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
    const { groupId } = this.#options;
    try {
      await this.#commit({ groupId, groupGenerationId: -1, memberId: '' }, topic, offsets);
    } catch (error) {
      // It has members by now: each fixes what it is assigned.
      if (!hasMembers.has(kafkaErrorType(error) ?? '')) throw error;
    }
  }

  async #commit(member: DriverMember, topic: string, offsets: ReadonlyMap<number, number>): Promise<void> {
    const partitions = Array.from(offsets, ([partition, offset]) => ({ partition, offset: String(offset) }));
    await this.#options.cluster.askCoordinator('the position of a group cannot be fixed', (broker) =>
      broker.offsetCommit({ ...member, topics: [{ topic, partitions }] }),
    );
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
function positions({ startFrom, groupId }: StartOffsetsOptions): ReadonlyMap<number, number> {
  if (typeof startFrom === 'string' || 'time' in startFrom) return new Map();
  const parts = startFrom.position.split(',').map((text) => /^(\d{1,10}):(\d{1,16})$/.exec(text.trim()));
  if (parts.every((part) => part !== null)) {
    return new Map(parts.map((part) => [Number(part[1]), Number(part[2])]));
  }
  throw new InvalidOptionsError(`Kafka consumer of group ${groupId}`, [
    { path: 'startFrom', message: 'expected positions as partition:offset, e.g. "0:17" or "0:17,1:4"' },
  ]);
}
