import { InfrastructureError } from '@openedx-ts/events-core';
import { backOff, reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { Assignment } from '../driver/consumer-protocol.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { isTopicRefusal } from '../driver/kafka-error.js';
import type { GroupMemberId } from '../driver/protocol/offset-commit.js';
import type { ResolvedKafkaConsumerOptions } from '../options/kafka-consumer-options.js';
import type { AssignedPartitions } from './assigned-partitions.js';
import type { Bell } from './bell.js';
import type { Fetchers } from './fetchers.js';
import type { GroupSession, HeartbeatAnswer } from './group-session.js';
import { heartbeatPause } from './heartbeat-pause.js';
import { LagReport } from './lag-report.js';
import { laneName } from './lane-name.js';
import type { MemberFailures } from './member-failures.js';
import type { StartOffsets } from './start-offsets.js';
import type { SubscribedTopics } from './subscribed-topics.js';

/** After so many failures in a row all connections are replaced, from the bootstrap servers on. */
const RENEW_AFTER = 3;
const LEAVE_MS = 3_000;
/** How often to look for retry topics that did not exist, in milliseconds. */
const RETRY_TOPICS_MS = 3_000;
/** What fails while the coordinator of the group cannot be reached. */
const COORDINATOR = 'coordinator';
const COORDINATOR_RETRY_MS = 500;

const releasing = {
  rebalance:
    'The group rebalances: events in flight are finished and committed before this member joins again.',
  expelled: 'The group has removed this member, which joins again.',
  recreated:
    'A topic was deleted and created again: events in flight are finished, and this member joins the group again.',
};

export interface MembershipLoopParts {
  readonly options: ResolvedKafkaConsumerOptions;
  readonly topics: SubscribedTopics;
  readonly driver: KafkaDriver;
  readonly lanes: AssignedPartitions;
  readonly session: GroupSession;
  readonly fetchers: Fetchers;
  readonly startOffsets: StartOffsets;
  readonly failures: MemberFailures;
  /** Rung when a heartbeat should not wait for its time. */
  readonly wakeUp: Bell;
  readonly stopSignal: AbortSignal;
  /** See `EventBusConsumer.reportUnread`. */
  readonly reportUnread: (lane: string, hasUnread: boolean) => void;
}

/**
 * Keeps this process a member of its group: connects, waits for its topics, joins, sends heartbeats however long
 * receivers take, releases its partitions gracefully when the group rebalances, and recovers from every failure. One loop,
 * each step of which ends within a deadline: there is no state in which nothing is tried and nothing is reported.
 */
export class MembershipLoop {
  readonly #parts: MembershipLoopParts;
  #isMember = false;
  #metadataAt = 0;
  #retryTopicsAt = 0;
  readonly #lag: LagReport;
  /** Partitions of this member whose position is not known yet, because they have no leader that answers. */
  #unplaced: Assignment = new Map();
  /** How many partitions there were at the last assignment. */
  #partitionsShared = 0;

  constructor(parts: MembershipLoopParts) {
    this.#parts = parts;
    this.#lag = new LagReport({ ...parts, groupId: parts.options.groupId });
  }

  /** Whether partitions are assigned to this member and it can read. */
  get isUp(): boolean {
    return this.#isMember && this.#parts.failures.whole === undefined;
  }

  /** Runs until the stop signal fires or an error comes that no waiting helps against. */
  async live(): Promise<void> {
    const { stopSignal: signal } = this.#parts;
    for (let failed = 0; !signal.aborted; ) {
      try {
        if (failed > 0 && failed % RENEW_AFTER === 0) this.#parts.driver.renew();
        await this.#prepare(failed > 0);
        if (!this.#isMember) await this.#join();
        this.#parts.failures.set(undefined);
        failed = 0;
        await this.#beMember();
      } catch (error) {
        if (signal.aborted) return;
        const failure = isTopicRefusal(error)
          ? new InfrastructureError(reasonOf(error), { cause: error })
          : error;
        if (!(failure instanceof InfrastructureError)) return this.#parts.failures.fail(error);
        failed += 1;
        this.#parts.failures.set(failure);
        if (this.#isMember && this.#parts.session.hasLapsed) await this.#releasePartitions('expelled');
        await backOff(failed, { initialMs: 50, maxMs: 1_000 }, signal);
      }
    }
  }

  /** Connects, and waits until one of the topics exists. @param isAgain whether leaders may have moved */
  async #prepare(isAgain: boolean): Promise<void> {
    const { driver } = this.#parts;
    await driver.connect();
    if (isAgain) await driver.refreshMetadata();
    await this.#parts.topics.look();
    this.#metadataAt = runtime().clock.monotonic();
  }

  async #join(): Promise<void> {
    const { topics, session } = this.#parts;
    await this.#parts.startOffsets.fix(topics.existing);
    if (this.#parts.stopSignal.aborted) return;
    const assigned = await session.join(topics.existing);
    this.#partitionsShared = topics.partitionCount;
    const { member } = session;
    if (member === undefined) return;
    const assignment = await topics.accept(assigned);
    await this.#place(assignment, member);
    this.#isMember = true;
    this.#parts.fetchers.update();
    const { groupId } = this.#parts.options;
    const partitions = Object.fromEntries(assignment);
    runtime().logger.info({ groupId, partitions }, 'Partitions are assigned to this member.');
  }

  /** Starts to read partitions; those whose position is not known yet wait for their leaders. */
  async #place(assignment: Assignment, member: GroupMemberId): Promise<void> {
    const { lanes, startOffsets, failures } = this.#parts;
    const found = await startOffsets.positionsIn(assignment, member);
    for (const position of found.positions) {
      failures.setPart(laneName(position.fullTopic, position.partition), undefined);
      lanes.assign(position);
    }
    for (const [lane, error] of found.failures) failures.setPart(lane, error);
    const rest = Array.from(assignment, ([fullTopic, partitions]) => {
      return [fullTopic, partitions.filter((one) => found.failures.has(laneName(fullTopic, one)))] as const;
    });
    this.#unplaced = new Map(rest.filter(([, partitions]) => partitions.length > 0));
  }

  /** Sends heartbeats until the group rebalances or has removed this member. */
  async #beMember(): Promise<void> {
    const { heartbeatIntervalMs } = this.#parts.options;
    const { stopSignal: signal } = this.#parts;
    for (let isFailing = false; !signal.aborted; ) {
      await this.#pause(
        isFailing ? Math.min(heartbeatIntervalMs, COORDINATOR_RETRY_MS) : heartbeatIntervalMs,
      );
      if (signal.aborted) return;
      if (this.#parts.session.hasLapsed) return this.#releasePartitions('expelled'); // receivers may have noticed
      const { lanes, driver, failures } = this.#parts;
      if (lanes.haveRecreatedTopic(driver.topicIdOf)) return this.#releasePartitions('recreated');
      const answer = await this.#heartbeat();
      isFailing = answer instanceof Error;
      failures.setPart(COORDINATOR, answer instanceof Error ? answer : undefined);
      if (answer instanceof Error) continue;
      if (answer !== 'member') return this.#releasePartitions(answer);
      if (await this.#hasMoreToRead()) return this.#releasePartitions('rebalance');
      this.#reportUnread();
      void this.#lag.whenDue();
    }
  }

  /**
   * Sends a heartbeat. While the coordinator cannot be reached, which moves to another broker when its own stops, events
   * go on: the group keeps this member until its session ends.
   *
   * @returns the failure when it holds up nothing but commits
   * @throws InfrastructureError when no broker is being read either
   */
  async #heartbeat(): Promise<HeartbeatAnswer | InfrastructureError> {
    try {
      return await this.#parts.session.heartbeat();
    } catch (error) {
      this.#parts.failures.setPart(COORDINATOR, undefined);
      if (error instanceof InfrastructureError && this.#parts.fetchers.isReading) return error;
      throw error;
    }
  }

  async #releasePartitions(why: 'rebalance' | 'expelled' | 'recreated'): Promise<void> {
    const { groupId } = this.#parts.options;
    const { logger } = runtime();
    if (why === 'rebalance') logger.info({ groupId }, releasing[why]);
    else logger.warn({ groupId }, releasing[why]);
    this.#isMember = false;
    this.#parts.failures.setPart(COORDINATOR, undefined);
    if (why === 'expelled') this.#parts.session.expelled(true); // commits would be refused
    for (const { name } of this.#parts.lanes.all) this.#parts.failures.setPart(name, undefined);
    for (const [fullTopic, partitions] of this.#unplaced)
      for (const partition of partitions)
        this.#parts.failures.setPart(laneName(fullTopic, partition), undefined);
    this.#unplaced = new Map();
    let isOver = false;
    const drained = this.#parts.lanes.revoke().finally(() => {
      isOver = true;
    });
    const { stopSignal } = this.#parts;
    while (!isOver && !stopSignal.aborted && why !== 'expelled') {
      await Promise.race([drained, this.#pause(this.#parts.options.heartbeatIntervalMs)]);
      if (!isOver) await this.#parts.session.heartbeat().catch(() => {}); // it is tried again, or joining fails
    }
    await drained;
    // The partitions of a new topic may be others: all members join again.
    if (why === 'recreated') await this.#parts.session.leave(LEAVE_MS).catch(() => {});
  }

  /** Looks for new topics and partitions when it is time; only the leader reports partitions added to a topic. */
  async #hasMoreToRead(): Promise<boolean> {
    const now = runtime().clock.monotonic();
    const { topics, fetchers, session } = this.#parts;
    const isDue = now - this.#metadataAt >= this.#parts.options.metadataMaxAgeMs;
    if (await this.#hasNewRetryTopic(now)) return true;
    if (!isDue && !fetchers.isWaiting && !topics.isWaiting && this.#unplaced.size === 0) return false;
    this.#metadataAt = now;
    await this.#parts.driver.refreshMetadata();
    if (this.#unplaced.size > 0 && session.member !== undefined)
      await this.#place(this.#unplaced, session.member);
    fetchers.update();
    if (await topics.hasMore()) return true;
    return session.isLeader && topics.partitionCount > this.#partitionsShared;
  }

  /** One request for topics that seldom exist: that it fails is no failure of this member. */
  async #hasNewRetryTopic(now: number): Promise<boolean> {
    if (now - this.#retryTopicsAt < RETRY_TOPICS_MS) return false;
    this.#retryTopicsAt = now;
    return this.#parts.topics.hasNewRetryTopic().catch(() => false);
  }

  /** A failure that health reports is reason enough for events to wait. */
  #reportUnread(): void {
    const { lanes, failures, reportUnread } = this.#parts;
    for (const { name, hasUnread } of lanes.all) reportUnread(name, hasUnread && !failures.affects(name));
  }

  #pause(durationMs: number): Promise<void> {
    const { options, wakeUp, stopSignal } = this.#parts;
    return heartbeatPause(durationMs, { ...options, wakeUp, stopSignal });
  }
}
