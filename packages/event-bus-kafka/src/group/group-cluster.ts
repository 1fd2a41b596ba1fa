import { InfrastructureError } from '@openedx-ts/events-core';
import { answerWithin } from '../answer-within.js';
import { BrokerSockets } from '../broker-sockets.js';
import { createKafka } from '../kafka-client.js';
import type { ResolvedKafkaConsumerOptions } from '../kafka-consumer-options.js';
import { kafkaErrorType } from '../kafka-error.js';
import { checkedBroker, type DriverBroker, type DriverCluster, driverCluster } from './driver.js';
import {
  decodeFetch,
  encodeFetch,
  FETCH_API_KEY,
  FETCH_API_VERSION,
  type FetchedPartition,
  type FetchLimits,
  type FetchPosition,
} from './fetch-protocol.js';

/** A partition and the node that leads it; -1 while there is none. */
export interface PartitionLeader {
  readonly partition: number;
  readonly leader: number;
}

/**
 * The cluster as a member of a group sees it. Every request ends within its deadline: a connection that stays silent
 * is cut, so that half-open ones are noticed and made anew.
 *
 * All methods throw `InfrastructureError` for what may pass, `KafkaAccessError` for what must be granted.
 */
export class GroupCluster {
  readonly #options: ResolvedKafkaConsumerOptions;
  #sockets: BrokerSockets;
  #driver: DriverCluster;
  #coordinator: DriverBroker | undefined;

  constructor(options: ResolvedKafkaConsumerOptions) {
    this.#options = options;
    this.#sockets = new BrokerSockets(options);
    this.#driver = driverCluster(createKafka(options, this.#sockets));
  }

  /** Cuts all connections and begins with the bootstrap servers again. */
  renew(): void {
    this.close('connections are made anew');
    this.#sockets = new BrokerSockets(this.#options);
    this.#driver = driverCluster(createKafka(this.#options, this.#sockets));
  }

  /** Cuts all connections for good. */
  close(reason?: string): void {
    this.#coordinator = undefined;
    this.#sockets.close(reason);
  }

  connect(): Promise<void> {
    return this.#within('Kafka cannot be reached', this.#connectDeadline, () => this.#driver.connect());
  }

  /** Whether a topic is there; from then on metadata has it. */
  async hasTopic(topic: string): Promise<boolean> {
    try {
      await this.#within(`the metadata of topic ${topic} cannot be read`, this.#connectDeadline, () =>
        this.#driver.addMultipleTargetTopics([topic]),
      );
    } catch (error) {
      if (kafkaErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return false;
      throw error;
    }
    return this.partitionsOf(topic).length > 0;
  }

  refreshMetadata(): Promise<void> {
    return this.#within('metadata cannot be read', this.#connectDeadline, () =>
      this.#driver.refreshMetadata(),
    );
  }

  /** As of the last refresh. */
  partitionsOf(topic: string): readonly PartitionLeader[] {
    try {
      const partitions = this.#driver.findTopicPartitionMetadata(topic);
      return partitions.map(({ partitionId, leader }) => ({ partition: partitionId, leader }));
    } catch {
      return []; // no metadata yet
    }
  }

  /** Asks the group's coordinator; when that fails, it is looked for again the next time. */
  async askCoordinator<T>(
    doing: string,
    run: (broker: DriverBroker) => Promise<T>,
    deadlineMs = this.#options.requestTimeoutMs,
  ): Promise<T> {
    const broker = this.#coordinator ?? (await this.#findCoordinator());
    try {
      return await this.#within(doing, deadlineMs, () => run(broker), broker.brokerAddress);
    } catch (error) {
      if (!memberErrors.has(kafkaErrorType(error) ?? '')) this.#coordinator = undefined;
      throw error;
    }
  }

  /** What partitions have from a position on. Those of a node that cannot be asked at all reject. */
  async fetch(
    nodeId: number,
    positions: readonly FetchPosition[],
    limits: FetchLimits,
  ): Promise<readonly FetchedPartition[]> {
    const doing = 'events cannot be fetched';
    const broker = await this.#within(doing, this.#connectDeadline, () =>
      this.#driver.findBroker({ nodeId: String(nodeId) }),
    );
    const { connectionPool, versions, brokerAddress } = broker;
    if ((versions?.[FETCH_API_KEY]?.maxVersion ?? FETCH_API_VERSION) < FETCH_API_VERSION) {
      throw new InfrastructureError(`Kafka at ${brokerAddress} is too old: 2.3 or newer is needed`);
    }
    const body = encodeFetch(positions, limits);
    const deadlineMs = limits.maxWaitMs + this.#options.requestTimeoutMs;
    const { errorCode, partitions } = (await this.#within(
      doing,
      deadlineMs,
      () =>
        connectionPool.send({
          request: {
            apiKey: FETCH_API_KEY,
            apiVersion: FETCH_API_VERSION,
            apiName: 'Fetch',
            encode: async () => ({ buf: body, buffer: body }),
          },
          response: {
            decode: (bytes) => decodeFetch(bytes, positions),
            parse: async (decoded) => decoded,
          },
          requestTimeout: deadlineMs,
        }),
      brokerAddress,
    )) as Awaited<ReturnType<typeof decodeFetch>>;
    if (errorCode !== 0)
      throw new InfrastructureError(`${doing}: Kafka at ${brokerAddress}: error ${errorCode}`);
    return partitions;
  }

  /**
   * Finds out whether the coordinator is still there, on a connection that no join blocks; cuts its connections when
   * it is not.
   */
  async probeCoordinator(): Promise<void> {
    const nodeId = this.#coordinator?.nodeId;
    if (nodeId !== undefined && nodeId !== null) await this.fetch(nodeId, [], { maxWaitMs: 0, maxBytes: 1 });
  }

  /** The first offset of partitions, the one behind the last, or the first since a time. */
  async offsetsAt(
    topic: string,
    partitions: readonly number[],
    at: 'earliest' | 'latest' | number,
  ): Promise<ReadonlyMap<number, number>> {
    const where = typeof at === 'number' ? { fromTimestamp: at } : { fromBeginning: at === 'earliest' };
    const query = { topic, partitions: partitions.map((partition) => ({ partition })), ...where };
    const answer = await this.#within(`offsets of topic ${topic} cannot be read`, this.#connectDeadline, () =>
      this.#driver.fetchTopicsOffset([query]),
    );
    return new Map(
      answer.flatMap((one) => one.partitions.map(({ partition, offset }) => [partition, Number(offset)])),
    );
  }

  async #findCoordinator(): Promise<DriverBroker> {
    const { groupId } = this.#options;
    const broker = await this.#within(
      `the coordinator of group ${groupId} cannot be found`,
      this.#connectDeadline,
      () => this.#driver.findGroupCoordinator({ groupId }).catch((error) => this.#whyNoCoordinator(error)),
    );
    this.#coordinator = checkedBroker(broker);
    return broker;
  }

  /** kafkajs says no more than that it has found none: a right that is missing would be waited for. */
  async #whyNoCoordinator(error: unknown): Promise<never> {
    const broker = await this.#driver.findControllerBroker();
    await checkedBroker(broker).findGroupCoordinator({ groupId: this.#options.groupId, coordinatorType: 0 });
    throw error;
  }

  /** Connecting takes several requests, and tries that kafkajs makes by itself. */
  get #connectDeadline(): number {
    const { connectTimeoutMs, requestTimeoutMs } = this.#options;
    return connectTimeoutMs + requestTimeoutMs;
  }

  /** @param peer whose connections to cut when there is no answer in time; all, when it is not known */
  #within<T>(doing: string, deadlineMs: number, ask: () => Promise<T>, peer?: string): Promise<T> {
    return answerWithin(this.#sockets, { doing, deadlineMs, peer }, ask);
  }
}

/** Answers of a coordinator that is the right one. */
const memberErrors: ReadonlySet<string> = new Set([
  'FENCED_INSTANCE_ID',
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_MEMBER_ID',
]);
