import { setMaxListeners } from 'node:events';
import { type Delivery, runtime } from '@openedx-ts/events-core/bus';
import { KafkaDriver } from '../driver/kafka-driver.js';
import { isTopicRefusal } from '../driver/kafka-error.js';
import type { ResolvedKafkaConsumerOptions } from '../options/kafka-consumer-options.js';
import { withDeadline } from '../runtime/with-deadline.js';
import { AssignedPartitions } from './assigned-partitions.js';
import { Bell } from './bell.js';
import { Commits } from './commits.js';
import { DeadLetterTopics } from './dead-letter-topics.js';
import { Fetchers } from './fetchers.js';
import { GroupSession } from './group-session.js';
import type { Lane } from './lane.js';
import { goOnAtBeginning } from './lost-events.js';
import { MemberFailures } from './member-failures.js';
import { MembershipLoop } from './membership-loop.js';
import { StartOffsets } from './start-offsets.js';
import { SubscribedTopics } from './subscribed-topics.js';

/** How long leaving may take; a coordinator that is unreachable notices by the session timeout. */
const LEAVE_MS = 3_000;
/** How soon a commit is tried again while the coordinator cannot be reached. */
const COMMIT_RETRY_MS = 250;
/** What is decoded in one go. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export interface GroupReaderOptions {
  readonly options: ResolvedKafkaConsumerOptions;
  /** With prefix. */
  readonly fullTopics: readonly string[];
  /** The topics of redriven dead letters, which need not exist. */
  readonly retryTopics: readonly string[];
  /** Waits until no event of a lane is in flight. */
  readonly drainLane: (lane: string) => Promise<void>;
  /** How many events of a lane were handed over and wait to be handled. */
  readonly waitingIn: (lane: string) => number;
  /** How many bytes of a lane were handed over and are not handled. */
  readonly bytesIn: (lane: string) => number;
  /** See `EventBusConsumer.reportUnread`. */
  readonly reportUnread: (lane: string, hasUnread: boolean) => void;
}

/** A member of a group as the consumer sees it: deliveries come out, acknowledgements go in. */
export class GroupReader {
  readonly #stopping = new AbortController();
  readonly #bell = new Bell();
  readonly #failures: MemberFailures;
  readonly #driver: KafkaDriver;
  readonly #lanes: AssignedPartitions;
  readonly #session: GroupSession;
  readonly #commits: Commits;
  readonly #fetchers: Fetchers;
  readonly #loop: MembershipLoop;
  readonly #deadLetterTopics: DeadLetterTopics;
  #running: Promise<void> | undefined;

  /** @throws InvalidOptionsError for a start position that is none of Kafka's */
  constructor({ options, fullTopics, retryTopics, ...callbacks }: GroupReaderOptions) {
    const { drainLane, waitingIn, bytesIn, reportUnread } = callbacks;
    const driver = new KafkaDriver(options);
    this.#driver = driver;
    this.#deadLetterTopics = new DeadLetterTopics(driver);
    const coordinator = driver.coordinatorOf(options.groupId);
    setMaxListeners(0, this.#stopping.signal); // every partition that cannot be read right now listens to it
    this.#failures = new MemberFailures(this.#bell, options.groupId);
    this.#lanes = new AssignedPartitions({
      ...options,
      bell: this.#bell,
      maxBufferedBytes: options.maxBufferedBytes,
      drainLane,
      waitingIn,
      bytesIn,
      commitCounts: (lane) => this.#commits.commitCounts(lane),
    });
    this.#session = new GroupSession({ ...options, driver, coordinator });
    const wakeUp = new Bell();
    this.#commits = new Commits({
      coordinator,
      member: () => this.#session.member,
      onExpelled: () => wakeUp.ring(),
    });
    this.#fetchers = new Fetchers({
      driver,
      lanes: this.#lanes,
      bell: this.#bell,
      maxWaitMs: options.maxWaitMs,
      maxBytes: Math.min(options.maxBufferedBytes, MAX_ANSWER_BYTES),
      maxBatchBytes: options.maxBatchBytes,
      onUndecodableBatch: options.onUndecodableBatch,
      maxRecordBytes: options.maxBufferedBytes,
      stopSignal: this.#stopping.signal,
      onFailure: (what, error) => this.#failures.setPart(what, error),
      onFatal: (error) => this.#failures.fail(error),
      onMetadata: () => {
        if (this.#lanes.haveRecreatedTopic(driver.topicIdOf)) wakeUp.ring();
      },
      onOutOfRange: (lane) => goOnAtBeginning(driver, lane, options.groupId),
    });
    const startOffsets = new StartOffsets({ ...options, driver, coordinator, retryTopics });
    const subscribed = new SubscribedTopics({
      driver,
      fullTopics,
      retryTopics,
      startOffsets,
      failures: this.#failures,
    });
    this.#loop = new MembershipLoop({
      options,
      topics: subscribed,
      driver,
      lanes: this.#lanes,
      session: this.#session,
      fetchers: this.#fetchers,
      startOffsets,
      failures: this.#failures,
      wakeUp,
      stopSignal: this.#stopping.signal,
      reportUnread,
    });
  }

  /** Starts if need be, and resolves when this member has its share and nothing keeps it from reading. */
  async ready(abortSignal: AbortSignal): Promise<void> {
    this.#running ??= this.#loop.live();
    while (!abortSignal.aborted) {
      const { rings } = this.#bell;
      if (this.#loop.isUp) return;
      this.#failures.throwNew();
      await this.#bell.wait(rings, abortSignal);
    }
  }

  /** The next deliveries; none when the signal fires. Throws what keeps this member from reading. */
  async next(abortSignal: AbortSignal): Promise<readonly Delivery[]> {
    while (!abortSignal.aborted) {
      const { rings } = this.#bell;
      this.#failures.throwNew();
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
    await this.#commitPatiently(lane, offset);
  }

  /** Notes what was handled behind an event that was not; committed when the partition is released. */
  acknowledgeAhead(laneName: string, ordinals: readonly number[]): void {
    this.#lanes.get(laneName)?.acknowledgeAhead(ordinals);
  }

  /** Commits that an event is processed exclusively, or that it is not any more. */
  async countExclusive(laneName: string, offset: number, isProcessing: boolean): Promise<void> {
    const lane = this.#lanes.get(laneName);
    if (lane?.countExclusive(offset, isProcessing) === true) await this.#commits.commitCounts(lane);
  }

  /** Creates a dead-letter topic where need be, with the limits of its source topic. Does not reject. */
  ensureDeadLetterTopic(fullTopic: string, sourceTopic: string): Promise<void> {
    return this.#deadLetterTopics.ensure(fullTopic, sourceTopic);
  }

  setPaused(laneName: string, isPaused: boolean): void {
    const lane = this.#lanes.get(laneName);
    if (lane === undefined) return;
    lane.isPaused = isPaused;
    this.#bell.ring();
  }

  /** What keeps this member, or a part of what it has, from reading. */
  get failures(): readonly string[] {
    return this.#failures.reasons;
  }

  /** Those that are partitions without a leader. */
  get leaderless(): readonly string[] {
    return this.#failures.leaderless;
  }

  /** Whether lanes are still ours: not once the group has gone without a heartbeat for too long. */
  get mayHandle(): boolean {
    return !this.#session.hasLapsed;
  }

  /** Leaves the group, so that others have our share at once. */
  async leave(): Promise<void> {
    if (this.#running === undefined) return;
    this.#stopping.abort();
    const isOver = await this.#within(LEAVE_MS, this.#running);
    if (!isOver) this.#driver.renew(); // a join that hangs
    if (this.#failures.whole === undefined) await this.#within(LEAVE_MS, this.#lanes.settle());
    this.#lanes.drop();
    if (this.#failures.whole === undefined) await this.#session.leave(LEAVE_MS);
  }

  /** Ends as if the process had died once the commits on their way had arrived. */
  async crash(): Promise<void> {
    this.#stopping.abort();
    this.#lanes.drop();
    await this.#within(LEAVE_MS, this.#commits.end());
    this.close();
  }

  /** Ends at once, and as if the process had died: the group learns of it when the session times out. */
  close(): void {
    this.#stopping.abort();
    this.#lanes.drop();
    this.#session.expelled();
    this.#driver.close();
  }

  /**
   * Commits an offset, again while only the coordinator cannot be reached: the lane goes on until too much of it is not
   * acknowledged. Where nothing can be read either, the consumer waits for both.
   */
  async #commitPatiently(lane: Lane, offset: number): Promise<void> {
    for (;;) {
      try {
        return await this.#commits.commit(lane, offset);
      } catch (error) {
        const isAlone = this.#fetchers.isReading && !this.#session.hasLapsed && !isTopicRefusal(error);
        if (!isAlone || lane.abortSignal.aborted) throw error;
        await runtime().clock.sleep(COMMIT_RETRY_MS, lane.abortSignal);
      }
    }
  }

  /** @returns whether the work ended in time */
  #within(deadlineMs: number, work: Promise<void>): Promise<boolean> {
    return withDeadline(
      deadlineMs,
      work.then(() => true),
      () => false,
    );
  }
}
