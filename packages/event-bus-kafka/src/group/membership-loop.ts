import { InfrastructureError } from '@openedx-ts/events-core';
import { backOff, reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { isTopicRefusal } from '../driver/kafka-error.js';
import type { ResolvedKafkaConsumerOptions } from '../options/kafka-consumer-options.js';
import type { AssignedPartitions } from './assigned-partitions.js';
import type { Bell } from './bell.js';
import type { Fetchers } from './fetchers.js';
import type { GroupSession } from './group-session.js';
import { LagReport } from './lag-report.js';
import type { MemberFailures } from './member-failures.js';
import type { StartOffsets } from './start-offsets.js';
import type { SubscribedTopics } from './subscribed-topics.js';

/** After so many failures in a row all connections are replaced, from the bootstrap servers on. */
const RENEW_AFTER = 3;
const LEAVE_MS = 3_000;

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
  readonly #lag: LagReport;
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
        await this.#prepare();
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

  /** Connects, and waits until one of the topics exists. */
  async #prepare(): Promise<void> {
    await this.#parts.driver.connect();
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
    for (const position of await this.#parts.startOffsets.positionsIn(assignment, member)) {
      this.#parts.lanes.assign(position);
    }
    this.#isMember = true;
    this.#parts.fetchers.update();
    const { groupId } = this.#parts.options;
    const partitions = Object.fromEntries(assignment);
    runtime().logger.info({ groupId, partitions }, 'Partitions are assigned to this member.');
  }

  /** Sends heartbeats until the group rebalances or has removed this member. */
  async #beMember(): Promise<void> {
    const { heartbeatIntervalMs } = this.#parts.options;
    const { stopSignal: signal } = this.#parts;
    while (!signal.aborted) {
      await this.#pause(heartbeatIntervalMs);
      if (signal.aborted) return;
      if (this.#parts.session.hasLapsed) return this.#releasePartitions('expelled'); // receivers may have noticed
      const { lanes, driver } = this.#parts;
      if (lanes.haveRecreatedTopic(driver.topicIdOf)) return this.#releasePartitions('recreated');
      const answer = await this.#parts.session.heartbeat();
      if (answer !== 'member') return this.#releasePartitions(answer);
      if (await this.#isTopicLarger()) return this.#releasePartitions('rebalance');
      this.#reportUnread();
      void this.#lag.whenDue();
    }
  }

  async #releasePartitions(why: 'rebalance' | 'expelled' | 'recreated'): Promise<void> {
    const { groupId } = this.#parts.options;
    const { logger } = runtime();
    if (why === 'rebalance') logger.info({ groupId }, releasing[why]);
    else logger.warn({ groupId }, releasing[why]);
    this.#isMember = false;
    if (why === 'expelled') this.#parts.session.expelled(true); // commits would be refused
    for (const { name } of this.#parts.lanes.all) this.#parts.failures.setPart(name, undefined);
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

  /** Partitions may be added to a topic, and the leader then starts a rebalance; or a missing topic may be created. */
  async #isTopicLarger(): Promise<boolean> {
    const now = runtime().clock.monotonic();
    const { topics, fetchers, session } = this.#parts;
    const isDue = now - this.#metadataAt >= this.#parts.options.metadataMaxAgeMs;
    if (!isDue && !fetchers.isWaiting && !topics.isWaiting) return false;
    this.#metadataAt = now;
    await this.#parts.driver.refreshMetadata();
    fetchers.update();
    if (await topics.hasMore()) return true;
    return session.isLeader && topics.partitionCount > this.#partitionsShared;
  }

  /** A failure that health reports is reason enough for events to wait. */
  #reportUnread(): void {
    const { lanes, failures, reportUnread } = this.#parts;
    for (const { name, hasUnread } of lanes.all) reportUnread(name, hasUnread && !failures.affects(name));
  }

  /** Until the next heartbeat is due; sooner when there is something to be done. */
  async #pause(durationMs: number): Promise<void> {
    const { clock } = runtime();
    const { stopSignal: signal } = this.#parts;
    const over = new AbortController();
    const end = () => over.abort();
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    const { rings } = this.#parts.wakeUp;
    const since = clock.monotonic();
    await Promise.race([clock.sleep(durationMs, over.signal), this.#parts.wakeUp.wait(rings, over.signal)]);
    signal.removeEventListener('abort', end);
    over.abort();
    const late = clock.monotonic() - since - durationMs;
    if (late > this.#parts.options.sessionTimeoutMs / 3) {
      const { groupId } = this.#parts.options;
      runtime().logger.warn(
        { groupId, lateMs: Math.round(late) },
        'Heartbeats were late: a receiver blocks the event loop. Move its work to a worker thread or make it asynchronous.',
      );
    }
  }
}
