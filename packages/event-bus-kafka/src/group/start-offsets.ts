import { DateTime, type StartPosition } from '@openedx-ts/events-core';
import { parsePartitionPositions, runtime } from '@openedx-ts/events-core/bus';
import { type Assignment, decodeSubscription } from '../driver/consumer-protocol.js';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { isTopicRefusal, KafkaAccessError, kafkaErrorType } from '../driver/kafka-error.js';
import type { GroupMemberId } from '../driver/protocol/offset-commit.js';
import { formatCommitMetadata } from './commit-metadata.js';
import { CommittedPositions } from './committed-positions.js';
import { HandledAhead } from './handled-ahead.js';
import { laneName } from './lane-name.js';
import { reportRecreated } from './lost-events.js';
import type { Position } from './position.js';

export interface StartOffsetsOptions {
  readonly driver: KafkaDriver;
  readonly coordinator: GroupCoordinator;
  readonly startFrom: StartPosition;
  readonly maxDeliveries: number;
}

/**
 * Decides where a group starts to read. The position of a group that is new to a topic is committed before this member
 * joins, so that events sent from then on arrive even if the group is idle for a long time. A partition that was added
 * later is read from its beginning, because the group has read nothing of it. So is a topic that was deleted and created
 * again: Kafka deletes the positions with the topic.
 */
export class StartOffsets {
  readonly #options: StartOffsetsOptions;
  readonly #positions: CommittedPositions;
  /** Ids of topics on which the group had no position when this member joined; a later topic of that name has another id. */
  readonly #new = new Map<string, string | undefined>();
  /** Topics that did not exist when this member joined: all their events were sent since. */
  readonly #awaited = new Set<string>();
  /** Lanes on which the group had a position. */
  readonly #known = new Set<string>();
  /** Where to start on lanes whose position could not be committed, because this user may not read their topic. */
  readonly #uncommitted = new Map<string, number>();

  /** @throws InvalidOptionsError when `startFrom.position` is not in Kafka's form */
  constructor(options: StartOffsetsOptions) {
    this.#options = options;
    this.#positions = new CommittedPositions(options);
    positions(options);
  }

  /** Call this for a topic that does not exist yet. */
  awaitTopic(fullTopic: string): void {
    this.#awaited.add(fullTopic);
  }

  /** Commits the group's position on topics that are new to it. Call this before joining. */
  async fix(fullTopics: readonly string[]): Promise<void> {
    for (const fullTopic of fullTopics) {
      const partitions = this.#options.driver.partitionsOf(fullTopic).map(({ partition }) => partition);
      if (partitions.length === 0 || (await this.#isCommitted(fullTopic, partitions))) continue;
      if (partitions.every((partition) => this.#uncommitted.has(laneName(fullTopic, partition)))) continue;
      const isGone = partitions.some((partition) => this.#known.has(laneName(fullTopic, partition)));
      if (isGone || (await this.#hasForgotten(fullTopic, partitions))) {
        for (const partition of partitions) this.#known.add(laneName(fullTopic, partition));
        continue; // each member commits the positions of the partitions that it is assigned
      }
      this.#new.set(fullTopic, this.#options.driver.topicIdOf(fullTopic));
      const offsets = await this.#startOf(fullTopic, partitions);
      await this.#reportSkipped(fullTopic, offsets);
      await this.#commitAlone(fullTopic, offsets);
    }
  }

  /**
   * Returns the positions of the partitions that a member was assigned. A position that the group does not have yet is
   * committed before the partition is read.
   */
  async positionsIn(assignment: Assignment, member: GroupMemberId): Promise<readonly Position[]> {
    const positions: Position[] = [];
    for (const [fullTopic, partitions] of assignment) {
      const known = await this.#positions.read(fullTopic, partitions);
      const others = partitions.filter((partition) => !known.has(partition));
      const missing =
        others.length === 0 ? new Map<number, number>() : await this.#missing(fullTopic, others);
      for (const partition of partitions) {
        const offset = missing.get(partition) ?? 0;
        positions.push(
          known.get(partition) ?? { ...this.#textAt(fullTopic, offset), fullTopic, partition, offset },
        );
        if (known.has(partition)) this.#known.add(laneName(fullTopic, partition));
      }
      if (others.length > 0) await this.#commit(member, fullTopic, missing);
    }
    return positions;
  }

  /** Whether the group has a position on a topic. */
  async #isCommitted(fullTopic: string, partitions: readonly number[]): Promise<boolean> {
    const commits = await this.#options.coordinator.offsetFetch([{ topic: fullTopic, partitions }]);
    for (const { partition } of commits) this.#known.add(laneName(fullTopic, partition));
    return commits.length > 0;
  }

  /**
   * Whether the group had a position on a topic and lost it when the topic was deleted. Members commit positions before
   * they join, so this holds for a group with members that subscribe to the topic, and for one without members and without
   * any position. Kafka 4 keeps the latter for some minutes; older brokers delete it with its last position.
   */
  async #hasForgotten(fullTopic: string, partitions: readonly number[]): Promise<boolean> {
    const { coordinator } = this.#options;
    try {
      const group = await coordinator.describeGroup();
      const subscribed = group?.members.map(({ memberMetadata }) => decodeSubscription(memberMetadata)) ?? [];
      const isRead = subscribed.some((topics) => topics.includes(fullTopic));
      const isForsaken = group?.state === 'Empty' && (await coordinator.offsetFetch(null)).length === 0;
      return (isRead || isForsaken) && !(await this.#isCommitted(fullTopic, partitions)); // a member may have been quicker
    } catch (error) {
      if (error instanceof KafkaAccessError) return false;
      throw error;
    }
  }

  /** A new group and one whose position was lost look alike: logs how many events the group skips. */
  async #reportSkipped(fullTopic: string, offsets: ReadonlyMap<number, number>): Promise<void> {
    const { driver, coordinator, startFrom } = this.#options;
    const { groupId } = coordinator;
    const first = await driver.listOffsets(fullTopic, [...offsets.keys()], 'earliest');
    const skipped = [...offsets].map(([partition, offset]) =>
      Math.max(0, offset - (first.get(partition) ?? offset)),
    );
    const count = skipped.reduce((sum, one) => sum + one, 0);
    if (count === 0 || startFrom !== 'resume') return;
    runtime().logger.warn(
      { topic: fullTopic, groupId, count },
      "The group has no position on this topic, and starts behind events that are stored there. If it had one, the topic was deleted and created again, or the position has expired: move the group back with 'openedx-events replay'.",
    );
  }

  /** Returns where to start on partitions on which the group has no position. */
  async #missing(fullTopic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const decided = partitions.flatMap((partition) => {
      const offset = this.#uncommitted.get(laneName(fullTopic, partition));
      return offset === undefined ? [] : [[partition, offset] as const];
    });
    if (decided.length === 0) return this.#startOfMissing(fullTopic, partitions);
    const rest = partitions.filter((partition) => !this.#uncommitted.has(laneName(fullTopic, partition)));
    const others = rest.length === 0 ? [] : await this.#startOfMissing(fullTopic, rest);
    return new Map([...decided, ...others]);
  }

  async #startOfMissing(
    fullTopic: string,
    partitions: readonly number[],
  ): Promise<ReadonlyMap<number, number>> {
    const { driver, coordinator } = this.#options;
    const { groupId } = coordinator;
    const isGone = (partition: number) => this.#known.has(laneName(fullTopic, partition));
    const added = partitions.filter((partition) => !isGone(partition));
    const isNew = this.#new.has(fullTopic) && this.#new.get(fullTopic) === driver.topicIdOf(fullTopic);
    if (isNew && added.length === partitions.length) return this.#startOf(fullTopic, partitions);
    const first = await driver.listOffsets(fullTopic, partitions, 'earliest');
    for (const partition of partitions.filter(isGone))
      reportRecreated({ fullTopic, partition, offset: first.get(partition) ?? 0 }, groupId, null);
    if (added.length > 0)
      runtime().logger.info(
        { topic: fullTopic, partitions: added, groupId },
        'partitions are new to the group, and read from the beginning',
      );
    return first;
  }

  async #startOf(fullTopic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const { driver, startFrom } = this.#options;
    if (startFrom === 'earliest') return driver.listOffsets(fullTopic, partitions, 'earliest');
    if (typeof startFrom === 'string') {
      return driver.listOffsets(fullTopic, partitions, this.#awaited.has(fullTopic) ? 'earliest' : 'latest');
    }
    const ends = await driver.listOffsets(fullTopic, partitions, 'latest');
    const wanted =
      'time' in startFrom
        ? await driver.listOffsets(fullTopic, partitions, DateTime.from(startFrom.time).toDate().getTime())
        : positions(this.#options);
    return new Map(
      partitions.map((partition) => {
        const offset = wanted.get(partition) ?? -1;
        return [partition, offset < 0 ? (ends.get(partition) ?? 0) : offset];
      }),
    );
  }

  /** Commits without being a member, which Kafka allows for a group without members. */
  async #commitAlone(fullTopic: string, offsets: ReadonlyMap<number, number>): Promise<void> {
    const { groupId } = this.#options.coordinator;
    try {
      await this.#commit({ groupId, generationId: -1, memberId: '' }, fullTopic, offsets);
    } catch (error) {
      // The group has members by now: each commits the positions of its own partitions.
      if (!hasMembers.has(kafkaErrorType(error) ?? '')) throw error;
    }
  }

  async #commit(
    member: GroupMemberId,
    fullTopic: string,
    offsets: ReadonlyMap<number, number>,
  ): Promise<void> {
    const partitions = Array.from(offsets, ([partition, offset]) => ({
      ...{ partition, offset },
      metadata: this.#textAt(fullTopic, offset).metadata,
    }));
    try {
      await this.#options.coordinator.offsetCommit({ ...member, topics: [{ topic: fullTopic, partitions }] });
    } catch (error) {
      if (!isTopicRefusal(error)) throw error;
      // Reading is refused as well, and reported.
      for (const [partition, offset] of offsets)
        this.#uncommitted.set(laneName(fullTopic, partition), offset);
      return;
    }
    for (const { partition } of partitions) {
      this.#known.add(laneName(fullTopic, partition));
      this.#uncommitted.delete(laneName(fullTopic, partition));
    }
  }

  #textAt(fullTopic: string, offset: number): Pick<Position, 'topicId' | 'metadata'> {
    const topicId = this.#options.driver.topicIdOf(fullTopic);
    const nothingElse = { counts: undefined, handledAhead: HandledAhead.none };
    return { topicId, metadata: formatCommitMetadata({ topicId, ...nothingElse }, offset) };
  }
}

const hasMembers: ReadonlySet<string> = new Set([
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_MEMBER_ID',
]);

/** Parses the offsets of `{ position: '0:17,1:4' }`, by partition. */
function positions({ startFrom, coordinator }: StartOffsetsOptions): ReadonlyMap<number, number> {
  if (typeof startFrom === 'string' || 'time' in startFrom) return new Map();
  return parsePartitionPositions(startFrom.position, `Kafka consumer of group ${coordinator.groupId}`);
}
