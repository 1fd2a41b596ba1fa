import { InfrastructureError, InvalidOptionsError, type Issue } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import {
  type Assignment,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  groupProtocolNames,
} from '../driver/consumer-protocol.js';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { kafkaErrorType } from '../driver/kafka-error.js';
import type { JoinedGroup } from '../driver/kafkajs-broker.js';
import type { GroupMemberId } from '../driver/protocol/offset-commit.js';
import { assignPartitions } from './assign-partitions.js';

export interface GroupSessionOptions {
  readonly driver: KafkaDriver;
  readonly coordinator: GroupCoordinator;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

/** What a heartbeat found out: nothing has changed, the group rebalances, or it does not know this member. */
export type HeartbeatAnswer = 'member' | 'rebalance' | 'expelled';

/** This process' membership of its group: its member id and generation, and the requests that keep them valid. */
export class GroupSession {
  readonly #options: GroupSessionOptions;
  #memberId = '';
  #generation: number | undefined;
  #isLeader = false;
  #answeredAt = 0;
  #isLapsed = false;

  constructor(options: GroupSessionOptions) {
    this.#options = options;
  }

  /** This member; undefined while it is not in the group. */
  get member(): GroupMemberId | undefined {
    if (this.#generation === undefined) return undefined;
    const { groupId } = this.#options.coordinator;
    return { groupId, generationId: this.#generation, memberId: this.#memberId };
  }

  get isLeader(): boolean {
    return this.#isLeader;
  }

  /**
   * Whether the session may have timed out, because no heartbeat was answered for so long. Once that was found, it stays so
   * until this member joins again, whatever the coordinator answers: events in flight were abandoned, and must be
   * fetched again.
   */
  get hasLapsed(): boolean {
    this.#isLapsed ||= runtime().clock.monotonic() - this.#answeredAt > this.#options.sessionTimeoutMs;
    return this.#isLapsed;
  }

  /**
   * Joins, or joins again, and returns the assignment. Takes as long as the other members need to release theirs.
   *
   * @param fullTopics those to subscribe to, with prefix
   * @returns undefined when the assignment cannot be decoded
   */
  async join(fullTopics: readonly string[]): Promise<Assignment | undefined> {
    const { coordinator, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options;
    this.#generation = undefined;
    const metadata = encodeSubscription(fullTopics);
    try {
      const joined = await this.#whileProbing((deadlineMs) =>
        coordinator.joinGroup(
          {
            sessionTimeout: sessionTimeoutMs,
            rebalanceTimeout: rebalanceTimeoutMs,
            memberId: this.#memberId,
            groupProtocols: groupProtocolNames.map((name) => ({ name, metadata })),
          },
          deadlineMs,
        ),
      );
      this.#memberId = joined.memberId;
      this.#isLeader = joined.leaderId === joined.memberId;
      const groupAssignment = this.#isLeader ? await this.#assign(joined) : [];
      const { generationId } = joined;
      const member = { generationId, memberId: this.#memberId };
      const assignment = await this.#whileProbing((deadlineMs) =>
        coordinator.syncGroup({ ...member, groupAssignment }, deadlineMs),
      );
      this.#generation = generationId;
      this.#answeredAt = runtime().clock.monotonic();
      this.#isLapsed = false;
      return decodeAssignment(assignment);
    } catch (error) {
      const type = kafkaErrorType(error);
      if (type === 'UNKNOWN_MEMBER_ID') this.#memberId = '';
      throw explained(error, coordinator.groupId, type);
    }
  }

  async heartbeat(): Promise<HeartbeatAnswer> {
    const { member } = this;
    if (member === undefined) return 'expelled';
    const askedAt = runtime().clock.monotonic();
    try {
      await this.#options.coordinator.heartbeat(member);
      this.#answeredAt = askedAt;
      return 'member';
    } catch (error) {
      const type = kafkaErrorType(error);
      if (type === 'REBALANCE_IN_PROGRESS') {
        this.#answeredAt = askedAt;
        return 'rebalance';
      }
      if (type !== 'UNKNOWN_MEMBER_ID' && type !== 'ILLEGAL_GENERATION') throw error;
      this.expelled(type === 'ILLEGAL_GENERATION');
      return 'expelled';
    }
  }

  /**
   * Notes that the group has removed this member.
   *
   * @param isKnown whether it may still know the member id
   */
  expelled(isKnown = false): void {
    this.#generation = undefined;
    if (!isKnown) this.#memberId = '';
  }

  /** Leaves, so that the group assigns this member's partitions to others at once. */
  async leave(deadlineMs: number): Promise<void> {
    const memberId = this.#memberId;
    this.expelled();
    if (memberId === '') return;
    await this.#options.coordinator.leaveGroup(memberId, deadlineMs);
  }

  /** The assignment of each member, for the leader to send. */
  async #assign({ members }: JoinedGroup) {
    const { driver } = this.#options;
    const subscriptions = members.map(({ memberId, memberMetadata }) => ({
      memberId,
      topics: decodeSubscription(memberMetadata),
    }));
    await driver.refreshMetadata();
    const topics = new Set(subscriptions.flatMap((member) => member.topics));
    const found = await driver.readTopics([...topics]); // others may subscribe to what does not exist or we may not read
    const shares = assignPartitions(subscriptions, (fullTopic) =>
      (found.get(fullTopic)?.partitions ?? []).map(({ partition }) => partition),
    );
    return Array.from(shares, ([memberId, assignment]) => ({
      memberId,
      memberAssignment: encodeAssignment(assignment),
    }));
  }

  /** Joining takes as long as the slowest member needs. Requests on another connection detect a dead coordinator. */
  async #whileProbing<T>(request: (deadlineMs: number) => Promise<T>): Promise<T> {
    const { coordinator, rebalanceTimeoutMs, requestTimeoutMs } = this.#options;
    const answered = new AbortController();
    const probing = (async () => {
      for (;;) {
        await runtime().clock.sleep(requestTimeoutMs, answered.signal);
        if (answered.signal.aborted) return;
        await coordinator.probe();
      }
    })();
    probing.catch(() => {}); // the requests that it cut fail with the reason
    try {
      return await request(rebalanceTimeoutMs + requestTimeoutMs);
    } finally {
      answered.abort();
    }
  }
}

/** Errors of the coordinator that need more words. */
function explained(error: unknown, groupId: string, type: string | undefined): unknown {
  if (type === 'INCONSISTENT_GROUP_PROTOCOL') {
    return new InfrastructureError(
      `group ${groupId} has members of another kind, such as kafkajs' own consumers or cooperative ones: ` +
        'stop them first, or choose another groupId',
      { cause: error },
    );
  }
  if (type === 'UNKNOWN' || type === 'UNKNOWN_SERVER_ERROR') {
    return new InfrastructureError(
      `group ${groupId} cannot be joined: Kafka reports ${type}, as it does while a member of another program has joined ` +
        'with metadata that it cannot read: stop that member (its client id and host are in the log of the coordinator)',
      { cause: error },
    );
  }
  const problem = type === undefined ? undefined : optionProblems[type];
  return problem === undefined ? error : new InvalidOptionsError('Kafka consumer', [problem]);
}

/** Options that the broker refuses each time. */
const optionProblems: Readonly<Record<string, Issue | undefined>> = {
  INVALID_GROUP_ID: { path: 'groupId', message: 'Kafka does not take it' },
  INVALID_SESSION_TIMEOUT: {
    path: 'sessionTimeoutMs',
    message: 'the broker does not allow it (its group.min.session.timeout.ms, group.max.session.timeout.ms)',
  },
};
