import { InfrastructureError } from '@openedx-ts/events-core';
import { backOff, runtime } from '@openedx-ts/events-core/bus';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import type { ResolvedKafkaConsumerOptions } from '../options/kafka-consumer-options.js';
import type { AssignedPartitions } from './assigned-partitions.js';
import type { Bell } from './bell.js';
import type { Fetchers } from './fetchers.js';
import type { Membership } from './membership.js';
import type { StartOffsets } from './start-offsets.js';
import type { Troubles } from './troubles.js';

/** After so many failures in a row everything is made anew, from the bootstrap servers on. */
const RENEW_AFTER = 3;
const REPORT_LAG_MS = 10_000;

export interface MemberLifeParts {
  readonly options: ResolvedKafkaConsumerOptions;
  /** With prefix. */
  readonly topics: readonly string[];
  readonly driver: KafkaDriver;
  readonly lanes: AssignedPartitions;
  readonly membership: Membership;
  readonly fetchers: Fetchers;
  readonly startOffsets: StartOffsets;
  readonly troubles: Troubles;
  /** Rung when a heartbeat should not wait for its time. */
  readonly wakeUp: Bell;
  readonly stopSignal: AbortSignal;
}

/**
 * The life of a member: connects, waits for its topics, joins, sends heartbeats however long handlers take, gives its
 * partitions up in order when the group is shared out anew, and comes back after every trouble. One loop, each step of
 * which ends in time: there is no state in which nothing is tried and nothing reported.
 */
export class MemberLife {
  readonly #parts: MemberLifeParts;
  #isMember = false;
  #metadataAt = 0;
  #lagAt = 0;
  /** How many there were when the group was shared out. */
  #partitionsShared = 0;

  constructor(parts: MemberLifeParts) {
    this.#parts = parts;
  }

  /** Whether this member has its share, and nothing keeps it from reading. */
  get isUp(): boolean {
    return this.#isMember && this.#parts.troubles.whole === undefined;
  }

  /** Until the stop signal fires, or there is something that no waiting helps against. */
  async live(): Promise<void> {
    const { stopSignal: signal } = this.#parts;
    for (let failed = 0; !signal.aborted; ) {
      try {
        if (failed > 0 && failed % RENEW_AFTER === 0) this.#parts.driver.renew();
        await this.#prepare();
        if (!this.#isMember) await this.#join();
        this.#parts.troubles.set(undefined);
        failed = 0;
        await this.#beMember();
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof InfrastructureError)) return this.#parts.troubles.fail(error);
        failed += 1;
        this.#parts.troubles.set(error);
        if (this.#isMember && this.#parts.membership.hasLapsed) await this.#giveUpPartitions('expelled');
        await backOff(failed, { initialMs: 50, maxMs: 1_000 }, signal);
      }
    }
  }

  /** Connects, and waits for the topics. */
  async #prepare(): Promise<void> {
    await this.#parts.driver.connect();
    for (const topic of this.#parts.topics) {
      if (await this.#parts.driver.hasTopic(topic)) continue;
      this.#parts.startOffsets.awaitTopic(topic);
      throw new InfrastructureError(
        `topic ${topic} does not exist yet: events arrive once it is made, or check the topic and EVENT_BUS_TOPIC_PREFIX`,
      );
    }
    this.#metadataAt = runtime().clock.monotonic();
  }

  async #join(): Promise<void> {
    await this.#parts.startOffsets.fix(this.#parts.topics);
    if (this.#parts.stopSignal.aborted) return;
    const assignment = await this.#parts.membership.join();
    this.#partitionsShared = this.#partitionCount();
    const { member } = this.#parts.membership;
    if (member === undefined) return;
    for (const position of await this.#parts.startOffsets.positionsIn(assignment, member)) {
      this.#parts.lanes.assign(position);
    }
    this.#isMember = true;
    this.#parts.fetchers.update();
    const { groupId } = this.#parts.options;
    const partitions = Object.fromEntries(assignment);
    runtime().logger.info({ groupId, partitions }, 'this member has its share of the partitions');
  }

  /** Sends heartbeats until the group is shared out anew, or does without us. */
  async #beMember(): Promise<void> {
    const { heartbeatIntervalMs } = this.#parts.options;
    const { stopSignal: signal } = this.#parts;
    while (!signal.aborted) {
      await this.#pause(heartbeatIntervalMs);
      if (signal.aborted) return;
      if (this.#parts.membership.hasLapsed) return this.#giveUpPartitions('expelled'); // receivers may have noticed
      const answer = await this.#parts.membership.heartbeat();
      if (answer !== 'member') return this.#giveUpPartitions(answer);
      if (await this.#isTopicLarger()) return this.#giveUpPartitions('rebalance');
      this.#reportLag();
    }
  }

  async #giveUpPartitions(why: 'rebalance' | 'expelled'): Promise<void> {
    const { groupId } = this.#parts.options;
    const { logger } = runtime();
    if (why === 'rebalance')
      logger.info({ groupId }, 'the group is shared out anew: finishing what is in hand');
    else logger.warn({ groupId }, 'the group has gone on without this member: joining again');
    this.#isMember = false;
    if (why === 'expelled') this.#parts.membership.expelled(true); // commits would be refused
    for (const { name } of this.#parts.lanes.all) this.#parts.troubles.setPart(name, undefined);
    let isOver = false;
    const drained = this.#parts.lanes.revoke().finally(() => {
      isOver = true;
    });
    const { stopSignal } = this.#parts;
    while (!isOver && !stopSignal.aborted && why === 'rebalance') {
      await Promise.race([drained, this.#pause(this.#parts.options.heartbeatIntervalMs)]);
      if (!isOver) await this.#parts.membership.heartbeat().catch(() => {}); // it is tried again, or joining fails
    }
    await drained;
  }

  /** Partitions may be added; the leader then has the group shared out anew. */
  async #isTopicLarger(): Promise<boolean> {
    const now = runtime().clock.monotonic();
    const isDue = now - this.#metadataAt >= this.#parts.options.metadataMaxAgeMs;
    if (!isDue && !this.#parts.fetchers.isWaiting) return false;
    this.#metadataAt = now;
    await this.#parts.driver.refreshMetadata();
    this.#parts.fetchers.update();
    return this.#parts.membership.isLeader && this.#partitionCount() > this.#partitionsShared;
  }

  #partitionCount(): number {
    return this.#parts.topics.reduce((sum, topic) => sum + this.#parts.driver.partitionsOf(topic).length, 0);
  }

  #reportLag(): void {
    const { clock, telemetry } = runtime();
    const now = clock.monotonic();
    if (now - this.#lagAt < REPORT_LAG_MS) return;
    this.#lagAt = now;
    const { groupId } = this.#parts.options;
    for (const { name, lag = null } of this.#parts.lanes.all) {
      telemetry.record({
        type: 'consumer.lag',
        lane: name,
        groupId,
        lag,
        pending: null,
        distanceToTrim: null,
      });
    }
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
        'no heartbeat could be sent: a receiver blocks the event loop',
      );
    }
  }
}
