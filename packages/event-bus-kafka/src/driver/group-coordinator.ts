import type { Connections } from './connections.js';
import { kafkaError, kafkaErrorType } from './kafka-error.js';
import type {
  GroupDescription,
  JoinedGroup,
  JoinGroupRequest,
  KafkajsBroker,
  SyncGroupRequest,
} from './kafkajs-broker.js';
import { errorName } from './protocol/error-names.js';
import { type GroupMemberId, type OffsetCommitQuery, offsetCommitRequest } from './protocol/offset-commit.js';
import { type FetchedOffset, type OffsetFetchQuery, offsetFetchRequest } from './protocol/offset-fetch.js';
import { ProtocolError } from './protocol/protocol-error.js';
import { sendRequest } from './send-request.js';

export interface GroupCoordinatorOptions {
  readonly connections: Connections;
  readonly groupId: string;
  readonly requestTimeoutMs: number;
  /** Sends a broker a request on a connection that no join blocks. */
  readonly probe: (nodeId: number) => Promise<void>;
}

/**
 * The requests that only the coordinator of a group answers. The coordinator is looked up on first use, and again after
 * a request failed.
 *
 * All methods throw `InfrastructureError` for an error that may pass, `KafkaAccessError` for access that must be granted.
 */
export class GroupCoordinator {
  readonly #options: GroupCoordinatorOptions;
  #known: { readonly broker: KafkajsBroker; readonly generation: number } | undefined;

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options;
  }

  get groupId(): string {
    return this.#options.groupId;
  }

  /** Joins; the answer comes once every member has joined. @param deadlineMs in milliseconds */
  joinGroup(request: Omit<JoinGroupRequest, 'groupId'>, deadlineMs: number): Promise<JoinedGroup> {
    const { groupId } = this;
    return this.#ask(
      `group ${groupId} cannot be joined`,
      (broker) => broker.joinGroup({ ...request, groupId }),
      deadlineMs,
    );
  }

  /** Asks what this member is to read; the answer comes once the leader has sent it. @param deadlineMs in milliseconds */
  async syncGroup(request: Omit<SyncGroupRequest, 'groupId'>, deadlineMs: number): Promise<Buffer> {
    const { groupId } = this;
    const { memberAssignment } = await this.#ask(
      `group ${groupId} cannot be joined`,
      (broker) => broker.syncGroup({ ...request, groupId }),
      deadlineMs,
    );
    return memberAssignment;
  }

  async heartbeat({ groupId, generationId, memberId }: GroupMemberId): Promise<void> {
    await this.#ask('the heartbeat failed', (broker) =>
      broker.heartbeat({ groupId, groupGenerationId: generationId, memberId }),
    );
  }

  /** @param deadlineMs in milliseconds */
  async leaveGroup(memberId: string, deadlineMs: number): Promise<void> {
    const { groupId } = this;
    await this.#ask(
      `group ${groupId} cannot be left`,
      (broker) => broker.leaveGroup({ groupId, memberId }),
      deadlineMs,
    );
  }

  /** Commits offsets; rejects with the first error of a partition. */
  async offsetCommit(query: OffsetCommitQuery): Promise<void> {
    for (const error of (await this.offsetCommitByTopic(query)).values()) throw error;
  }

  /**
   * Commits offsets; rejects with the first error of a partition that is not about its topic alone.
   *
   * @returns the topics that Kafka refuses or does not know, each with its error
   */
  offsetCommitByTopic(query: OffsetCommitQuery): Promise<ReadonlyMap<string, Error>> {
    const { groupId, requestTimeoutMs: timeoutMs } = this.#options;
    return this.#ask(`offsets of group ${groupId} cannot be committed`, async (broker) => {
      const partitions = await sendRequest(broker, offsetCommitRequest, query, { timeoutMs });
      const refused = new Map<string, Error>();
      for (const { topic, errorCode } of partitions) {
        if (!errorsOfTopics.has(errorName(errorCode))) ProtocolError.throwIf(errorCode);
        else
          refused.set(
            topic,
            kafkaError(new ProtocolError(errorCode), `offsets of topic ${topic} cannot be committed`),
          );
      }
      return refused;
    });
  }

  /** Reads committed offsets, null for those of all topics; without partitions where none is committed. */
  async offsetFetch(topics: OffsetFetchQuery['topics']): Promise<readonly FetchedOffset[]> {
    const { groupId, requestTimeoutMs: timeoutMs } = this.#options;
    return this.#ask(`committed offsets of group ${groupId} cannot be read`, async (broker) => {
      const { offsets, errorCode } = await sendRequest(
        broker,
        offsetFetchRequest,
        { groupId, topics },
        { timeoutMs },
      );
      ProtocolError.throwIf(errorCode);
      for (const one of offsets) ProtocolError.throwIf(one.errorCode);
      return offsets.filter(({ offset }) => offset >= 0);
    });
  }

  /** What Kafka reports of the group and its members. */
  async describeGroup(): Promise<GroupDescription | undefined> {
    const { groupId } = this;
    const { groups } = await this.#ask(`group ${groupId} cannot be described`, (broker) =>
      broker.describeGroups({ groupIds: [groupId] }),
    );
    return groups[0];
  }

  /** Finds out whether the coordinator is still there while a join waits; cuts its connections when it is not. */
  async probe(): Promise<void> {
    const nodeId = this.#known?.broker.nodeId;
    if (nodeId !== undefined && nodeId !== null) await this.#options.probe(nodeId);
  }

  async #ask<T>(
    doing: string,
    run: (broker: KafkajsBroker) => Promise<T>,
    deadlineMs = this.#options.requestTimeoutMs,
  ): Promise<T> {
    const broker = await this.#broker();
    try {
      return await this.#options.connections.askBroker(broker, doing, run, deadlineMs);
    } catch (error) {
      if (!answersOfTheCoordinator.has(kafkaErrorType(error) ?? '')) this.#known = undefined;
      throw error;
    }
  }

  async #broker(): Promise<KafkajsBroker> {
    const { connections, groupId } = this.#options;
    if (this.#known?.generation !== connections.generation) {
      const { generation } = connections;
      this.#known = { broker: await connections.coordinator(groupId), generation };
    }
    return this.#known.broker;
  }
}

/** Errors of a partition whose commit fails because of its topic, so that those of other topics do not. */
const errorsOfTopics: ReadonlySet<string> = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'UNKNOWN_TOPIC_ID',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

/** Errors that only the right coordinator answers with. */
const answersOfTheCoordinator: ReadonlySet<string> = new Set([
  'FENCED_INSTANCE_ID',
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_MEMBER_ID',
]);
