import { backoffMs, type Delivery, InfrastructureError, settings } from '@openedx-ts/events-core';
import type { ResolvedKafkaConsumerOptions } from '../kafka-consumer-options.js';
import { Bell } from './bell.js';
import { Commits } from './commits.js';
import { Fetchers } from './fetchers.js';
import type { Assignment } from './group-assignment.js';
import { GroupCluster } from './group-cluster.js';
import type { Lane } from './lane.js';
import { Lanes } from './lanes.js';
import { Membership } from './membership.js';
import { StartOffsets } from './start-offsets.js';
import { Troubles } from './troubles.js';

/** After so many failures in a row everything is made anew, from the bootstrap servers on. */
const RENEW_AFTER = 3;
/** How long leaving may take; a group that cannot be told finds out by itself. */
const LEAVE_MS = 3_000;
const REPORT_LAG_MS = 10_000;

export interface GroupMemberOptions {
  readonly options: ResolvedKafkaConsumerOptions;
  /** With prefix. */
  readonly topics: readonly string[];
  /** Waits until nothing of a lane is in hand. */
  readonly drainLane: (lane: string) => Promise<void>;
}

/**
 * The life of a member: connects, waits for its topics, joins, sends heartbeats however long handlers take, gives its
 * partitions up in order when the group is shared out anew, and comes back after every trouble. One loop, each step of
 * which ends in time: there is no state in which nothing is tried and nothing reported.
 */
export class GroupMember {
  readonly #options: ResolvedKafkaConsumerOptions;
  readonly #topics: readonly string[];
  readonly #stopping = new AbortController();
  readonly #bell = new Bell();
  readonly #wakeUp = new Bell();
  readonly #troubles = new Troubles(this.#bell);
  readonly #cluster: GroupCluster;
  readonly #lanes: Lanes;
  readonly #membership: Membership;
  readonly #commits: Commits;
  readonly #fetchers: Fetchers;
  readonly #startOffsets: StartOffsets;
  #isMember = false;
  #running: Promise<void> | undefined;
  #metadataAt = 0;
  #lagAt = 0;

  /** @throws InvalidOptionsError for a start position that is none of Kafka's */
  constructor({ options, topics, drainLane }: GroupMemberOptions) {
    const cluster = new GroupCluster(options);
    this.#options = options;
    this.#topics = topics;
    this.#cluster = cluster;
    this.#lanes = new Lanes({
      ...options,
      bell: this.#bell,
      maxBufferedBytes: options.maxBufferedBytes,
      drainLane,
    });
    this.#membership = new Membership({ ...options, cluster, topics });
    this.#startOffsets = new StartOffsets({ ...options, cluster });
    this.#commits = new Commits({
      cluster,
      member: () => this.#membership.member,
      onExpelled: () => this.#wakeUp.ring(),
    });
    this.#fetchers = new Fetchers({
      cluster,
      lanes: this.#lanes,
      bell: this.#bell,
      maxWaitMs: options.maxWaitMs,
      maxBytes: options.maxBufferedBytes,
      stopSignal: this.#stopping.signal,
      onTrouble: (what, error) => this.#troubles.set(what, error),
      onFatal: (error) => this.#fail(error),
      onOutOfRange: (lane) => this.#goOnAtBeginning(lane),
    });
  }

  /** Starts if need be, and resolves when this member has its share and nothing keeps it from reading. */
  async ready(abortSignal: AbortSignal): Promise<void> {
    this.#running ??= this.#live();
    while (!abortSignal.aborted) {
      const { rings } = this.#bell;
      const isUp = this.#isMember && this.#troubles.current === undefined;
      if (isUp) return;
      this.#troubles.throwNew();
      await this.#bell.wait(rings, abortSignal);
    }
  }

  /** The next deliveries; none when the signal fires. Throws what keeps this member from reading. */
  async next(abortSignal: AbortSignal): Promise<readonly Delivery[]> {
    while (!abortSignal.aborted) {
      const { rings } = this.#bell;
      this.#troubles.throwNew();
      const deliveries = this.#lanes.take();
      if (deliveries.length > 0) return deliveries;
      await this.#bell.wait(rings, abortSignal);
    }
    return [];
  }

  /** Commits what was handled; without effect for a lane that went elsewhere. */
  async acknowledge(laneName: string, ordinals: readonly number[]): Promise<void> {
    const lane = this.#lanes.get(laneName);
    if (lane === undefined) return;
    const offset = lane.acknowledge(ordinals);
    this.#bell.ring(); // there is room
    await this.#commits.commit(lane, offset);
  }

  setPaused(laneName: string, isPaused: boolean): void {
    const lane = this.#lanes.get(laneName);
    if (lane === undefined) return;
    lane.isPaused = isPaused;
    this.#bell.ring();
  }

  /** Whether lanes are still ours: not once the group has gone without a heartbeat for too long. */
  get mayHandle(): boolean {
    return !this.#membership.hasLapsed;
  }

  /** Leaves the group, so that others have our share at once. */
  async leave(): Promise<void> {
    if (this.#running === undefined) return;
    this.#stopping.abort();
    const isOver = await this.#within(LEAVE_MS, this.#running);
    if (!isOver) this.#cluster.renew(); // a join that hangs
    this.#lanes.drop();
    if (this.#troubles.current === undefined) await this.#membership.leave(LEAVE_MS);
  }

  /** Ends at once, and as if the process had died: the group learns of it when the session times out. */
  close(): void {
    this.#stopping.abort();
    this.#lanes.drop();
    this.#membership.expelled();
    this.#cluster.close();
  }

  async #live(): Promise<void> {
    const { clock, random } = settings();
    const { signal } = this.#stopping;
    for (let failed = 0; !signal.aborted; ) {
      try {
        if (failed > 0 && failed % RENEW_AFTER === 0) this.#cluster.renew();
        await this.#prepare();
        if (!this.#isMember) await this.#join();
        this.#troubles.set('group', undefined);
        failed = 0;
        await this.#beMember();
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof InfrastructureError)) return this.#fail(error);
        failed += 1;
        this.#troubles.set('group', error);
        if (this.#isMember && this.#membership.hasLapsed) await this.#giveUpPartitions('expelled');
        await clock.sleep(backoffMs(failed, { initialMs: 50, maxMs: 2_000 }, random), signal);
      }
    }
  }

  /** Connects, and waits for the topics. */
  async #prepare(): Promise<void> {
    await this.#cluster.connect();
    for (const topic of this.#topics) {
      if (await this.#cluster.hasTopic(topic)) continue;
      this.#startOffsets.awaitTopic(topic);
      throw new InfrastructureError(
        `topic ${topic} does not exist yet: events arrive once it is made, or check the topic and EVENT_BUS_TOPIC_PREFIX`,
      );
    }
    this.#metadataAt = settings().clock.monotonic();
  }

  async #join(): Promise<void> {
    await this.#startOffsets.fix(this.#topics);
    if (this.#stopping.signal.aborted) return;
    const assignment = await this.#membership.join();
    await this.#assign(assignment);
    this.#isMember = true;
    this.#fetchers.update();
    const { groupId } = this.#options;
    const partitions = Object.fromEntries(assignment);
    settings().logger.info({ groupId, partitions }, 'this member has its share of the partitions');
  }

  async #assign(assignment: Assignment): Promise<void> {
    const offsets: [string, number, number][] = [];
    for (const [topic, partitions] of assignment) {
      if (!this.#topics.includes(topic) || partitions.length === 0) continue;
      const committed = await this.#startOffsets.committed(topic, partitions);
      const others = partitions.filter((partition) => !committed.has(partition));
      const missing = others.length === 0 ? committed : await this.#startOffsets.missing(topic, others);
      for (const partition of partitions) {
        offsets.push([topic, partition, committed.get(partition) ?? missing.get(partition) ?? 0]);
      }
      await this.#fixNow(topic, others, missing);
    }
    for (const [topic, partition, offset] of offsets) this.#lanes.assign(topic, partition, offset);
  }

  /** A position is fixed before anything is read from there. */
  async #fixNow(
    topic: string,
    partitions: readonly number[],
    offsets: ReadonlyMap<number, number>,
  ): Promise<void> {
    const { member } = this.#membership;
    if (partitions.length === 0 || member === undefined) return;
    const entries = partitions.map((partition) => ({
      partition,
      offset: String(offsets.get(partition) ?? 0),
    }));
    await this.#cluster.askCoordinator('the position of new partitions cannot be fixed', (broker) =>
      broker.offsetCommit({ ...member, topics: [{ topic, partitions: entries }] }),
    );
  }

  /** Sends heartbeats until the group is shared out anew, or does without us. */
  async #beMember(): Promise<void> {
    const { heartbeatIntervalMs } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#pause(heartbeatIntervalMs);
      if (signal.aborted) return;
      if (this.#membership.hasLapsed) return this.#giveUpPartitions('expelled'); // receivers may have noticed
      const answer = await this.#membership.heartbeat();
      if (answer !== 'member') return this.#giveUpPartitions(answer);
      if (await this.#isTopicLarger()) return this.#giveUpPartitions('rebalance');
      this.#reportLag();
    }
  }

  async #giveUpPartitions(why: 'rebalance' | 'expelled'): Promise<void> {
    const { groupId } = this.#options;
    const { logger } = settings();
    if (why === 'rebalance')
      logger.info({ groupId }, 'the group is shared out anew: finishing what is in hand');
    else logger.warn({ groupId }, 'the group has gone on without this member: joining again');
    this.#isMember = false;
    if (why === 'expelled') this.#membership.expelled(true); // commits would be refused
    let isOver = false;
    const drained = this.#lanes.revoke().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await Promise.race([drained, this.#pause(this.#options.heartbeatIntervalMs)]);
      if (!isOver && why === 'rebalance') await this.#membership.heartbeat().catch(() => {}); // it is tried again, or joining fails
    }
  }

  /** Partitions may be added; the leader then has the group shared out anew. */
  async #isTopicLarger(): Promise<boolean> {
    const now = settings().clock.monotonic();
    const isDue = now - this.#metadataAt >= this.#options.metadataMaxAgeMs;
    if (!isDue && !this.#fetchers.isWaiting) return false;
    this.#metadataAt = now;
    const before = this.#partitionCount();
    await this.#cluster.refreshMetadata();
    this.#fetchers.update();
    return this.#membership.isLeader && this.#partitionCount() > before;
  }

  #partitionCount(): number {
    return this.#topics.reduce((sum, topic) => sum + this.#cluster.partitionsOf(topic).length, 0);
  }

  /** Retention, or somebody, has deleted what came next. */
  async #goOnAtBeginning(lane: Lane): Promise<void> {
    const { groupId } = this.#options;
    const { logger, telemetry } = settings();
    const from = lane.fetchOffset;
    const first =
      (await this.#cluster.offsetsAt(lane.topic, [lane.partition], 'earliest')).get(lane.partition) ?? 0;
    lane.moveTo(first);
    const count = first > from ? first - from : null;
    telemetry.record({ type: 'events.lost', lane: lane.name, groupId, count, reason: 'trimmed' });
    logger.error(
      { lane: lane.name, groupId, from, first, count },
      first > from
        ? 'events were deleted before this group had read them: going on with the first there is'
        : 'the partition is shorter than this group has read it, as if the topic were made anew: reading it from the beginning',
    );
  }

  #reportLag(): void {
    const { clock, telemetry } = settings();
    const now = clock.monotonic();
    if (now - this.#lagAt < REPORT_LAG_MS) return;
    this.#lagAt = now;
    const { groupId } = this.#options;
    for (const { name, lag = null } of this.#lanes.all) {
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

  #fail(error: unknown): void {
    this.#troubles.fail(error);
  }

  /** Until the next heartbeat is due; sooner when there is something to be done. */
  async #pause(durationMs: number): Promise<void> {
    const { clock } = settings();
    const { signal } = this.#stopping;
    const over = new AbortController();
    const { rings } = this.#wakeUp;
    const since = clock.monotonic();
    await Promise.race([
      clock.sleep(durationMs, AbortSignal.any([signal, over.signal])),
      this.#wakeUp.wait(rings, AbortSignal.any([signal, over.signal])),
    ]);
    over.abort();
    const late = clock.monotonic() - since - durationMs;
    if (late > this.#options.sessionTimeoutMs / 3) {
      const { groupId } = this.#options;
      settings().logger.warn(
        { groupId, lateMs: Math.round(late) },
        'no heartbeat could be sent: a receiver blocks the event loop',
      );
    }
  }

  async #within(durationMs: number, promise: Promise<void>): Promise<boolean> {
    const over = new AbortController();
    const isOver = await Promise.race([
      promise.then(() => true),
      settings()
        .clock.sleep(durationMs, over.signal)
        .then(() => false),
    ]);
    over.abort();
    return isOver;
  }
}
