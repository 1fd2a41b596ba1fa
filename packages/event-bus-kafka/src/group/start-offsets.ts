import type { StartPosition } from '@openedx-ts/events-core';
import { parsePartitionPositions, runtime } from '@openedx-ts/events-core/bus';
import { type Assignment, decodeSubscription } from '../driver/consumer-protocol.js';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { isTopicRefusal, KafkaAccessError, kafkaErrorType } from '../driver/kafka-error.js';
import { LeaderlessError } from '../driver/leaderless-error.js';
import type { ListedOffsets } from '../driver/listed-offsets.js';
import type { GroupMemberId } from '../driver/protocol/offset-commit.js';
import { formatCommitMetadata } from './commit-metadata.js';
import { CommittedPositions } from './committed-positions.js';
import { HandledAhead } from './handled-ahead.js';
import { laneName } from './lane-name.js';
import { reportRecreated } from './lost-events.js';
import type { Position } from './position.js';
import { reportSkipped } from './report-skipped.js';
import { startPositions } from './start-positions.js';

export interface StartOffsetsOptions {
  readonly driver: KafkaDriver;
  readonly coordinator: GroupCoordinator;
  readonly startFrom: StartPosition;
  readonly maxDeliveries: number;
  /** Topics of redriven dead letters, which are read from their start: they hold nothing but what is for this group. */
  readonly retryTopics?: readonly string[];
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
  /** When lanes were found without a leader while the group was new to their topic, in milliseconds since 1970. */
  readonly #leaderlessSince = new Map<string, number>();

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
      if (partitions.length === 0 || this.#isRetryTopic(fullTopic)) continue; // committed once it is assigned
      if (await this.#isCommitted(fullTopic, partitions)) continue;
      if (partitions.every((partition) => this.#uncommitted.has(laneName(fullTopic, partition)))) continue;
      const isGone = partitions.some((partition) => this.#known.has(laneName(fullTopic, partition)));
      if (isGone || (await this.#hasForgotten(fullTopic, partitions))) {
        for (const partition of partitions) this.#known.add(laneName(fullTopic, partition));
        continue; // each member commits the positions of the partitions that it is assigned
      }
      this.#new.set(fullTopic, this.#options.driver.topicIdOf(fullTopic));
      const { offsets, failures } = await this.#startOf(fullTopic, partitions);
      this.#noteLeaderless(fullTopic, failures);
      if (offsets.size === 0) continue;
      if (this.#options.startFrom === 'resume') await reportSkipped(this.#options, fullTopic, offsets);
      await this.#commitAlone(fullTopic, offsets);
    }
  }

  /**
   * Returns the positions of the partitions that a member was assigned. A position that the group does not have yet is
   * committed before the partition is read.
   *
   * @returns also the partitions whose position cannot be found out because their leader does not answer, by lane
   */
  async positionsIn(
    assignment: Assignment,
    member: GroupMemberId,
  ): Promise<{ readonly positions: readonly Position[]; readonly failures: ReadonlyMap<string, Error> }> {
    const positions: Position[] = [];
    const failed = new Map<string, Error>();
    for (const [fullTopic, partitions] of assignment) {
      const { positions: known, failures } = await this.#positions.read(fullTopic, partitions);
      const others = partitions.filter((partition) => !known.has(partition) && !failures.has(partition));
      const missing =
        others.length === 0
          ? { offsets: new Map<number, number>(), failures: new Map<number, Error>() }
          : await this.#missing(fullTopic, others);
      for (const [partition, error] of [...failures, ...missing.failures])
        failed.set(laneName(fullTopic, partition), error);
      for (const partition of partitions) {
        const position = known.get(partition);
        if (position === undefined) continue;
        this.#known.add(laneName(fullTopic, partition));
        positions.push(position);
      }
      for (const [partition, offset] of missing.offsets)
        positions.push({ ...this.#textAt(fullTopic, offset), fullTopic, partition, offset });
      if (missing.offsets.size > 0) await this.#commit(member, fullTopic, missing.offsets);
    }
    return { positions, failures: failed };
  }

  /** Notes since when the group waits for leaders. @throws InfrastructureError for a leader that does not answer */
  #noteLeaderless(fullTopic: string, failures: ReadonlyMap<number, Error>): void {
    for (const [partition, error] of failures) {
      if (!(error instanceof LeaderlessError)) throw error; // it answers soon, or is replaced
      const lane = laneName(fullTopic, partition);
      this.#leaderlessSince.set(lane, this.#leaderlessSince.get(lane) ?? runtime().clock.now());
    }
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

  /** Returns where to start on partitions on which the group has no position. */
  async #missing(fullTopic: string, partitions: readonly number[]): Promise<ListedOffsets> {
    const decided = partitions.flatMap((partition) => {
      const offset = this.#uncommitted.get(laneName(fullTopic, partition));
      return offset === undefined ? [] : [[partition, offset] as const];
    });
    if (decided.length === 0) return this.#startOfMissing(fullTopic, partitions);
    const rest = partitions.filter((partition) => !this.#uncommitted.has(laneName(fullTopic, partition)));
    if (rest.length === 0) return { offsets: new Map(decided), failures: new Map() };
    const { offsets, failures } = await this.#startOfMissing(fullTopic, rest);
    return { offsets: new Map([...decided, ...offsets]), failures };
  }

  async #startOfMissing(fullTopic: string, partitions: readonly number[]): Promise<ListedOffsets> {
    const { driver, coordinator } = this.#options;
    const { groupId } = coordinator;
    if (this.#isRetryTopic(fullTopic))
      return driver.listOffsetsByPartition(fullTopic, partitions, 'earliest');
    const isGone = (partition: number) => this.#known.has(laneName(fullTopic, partition));
    const added = partitions.filter((partition) => !isGone(partition));
    const isNew = this.#new.has(fullTopic) && this.#new.get(fullTopic) === driver.topicIdOf(fullTopic);
    if (isNew && added.length === partitions.length) return this.#startOf(fullTopic, partitions);
    const first = await driver.listOffsetsByPartition(fullTopic, partitions, 'earliest');
    for (const [partition, offset] of first.offsets)
      if (isGone(partition)) reportRecreated({ fullTopic, partition, offset }, groupId, null);
    const read = added.filter((partition) => first.offsets.has(partition));
    if (read.length > 0)
      runtime().logger.info(
        { topic: fullTopic, partitions: read, groupId },
        'partitions are new to the group, and read from the beginning',
      );
    return first;
  }

  #startOf(fullTopic: string, partitions: readonly number[]): Promise<ListedOffsets> {
    const { driver, startFrom } = this.#options;
    return startPositions({
      driver,
      fullTopic,
      partitions,
      startFrom,
      given: positions(this.#options),
      isAwaited: this.#awaited.has(fullTopic),
      leaderlessSince: (partition) => this.#leaderlessSince.get(laneName(fullTopic, partition)),
    });
  }

  #isRetryTopic(fullTopic: string): boolean {
    return this.#options.retryTopics?.includes(fullTopic) ?? false;
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
      partition,
      offset,
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
