import { InfrastructureError } from '@openedx-ts/events-core';
import kafkajs, { type Admin, type GroupDescription } from 'kafkajs'; // its enumerations are no named export to Node
import { answerWithin } from '../answer-within.js';
import { BrokerSockets } from '../broker-sockets.js';
import { type DriverBroker, type DriverCluster, driverCluster } from '../group/driver.js';
import { encodeFetch, FETCH_API_KEY, FETCH_API_VERSION } from '../group/fetch-protocol.js';
import { createKafka } from '../kafka-client.js';
import { KafkaAccessError, kafkaErrorType } from '../kafka-error.js';
import type { ResolvedKafkaClientOptions } from '../kafka-options.js';
import { batchTime } from './batch-time.js';

/** A broker of the cluster. */
export interface NodeFacts {
  readonly nodeId: number;
  /** `host:port` as the cluster tells it to clients. */
  readonly address: string;
}

/** A partition as the metadata has it. */
export interface PartitionPlace {
  readonly partition: number;
  /** -1 while there is none. */
  readonly leader: number;
  readonly replicas: number;
  readonly inSync: number;
}

/** An answer, or why there is none although Kafka is there. */
export type OrReason<T> = T | { readonly reason: string };

/**
 * What an operator's view asks Kafka. Nothing here changes anything: topics and groups that do not exist are not made.
 *
 * All methods throw `InfrastructureError` for what may pass, `KafkaAccessError` for what must be granted.
 */
export class KafkaQuestions {
  readonly #options: ResolvedKafkaClientOptions;
  readonly #sockets: BrokerSockets;
  readonly #admin: Admin;
  readonly #cluster: DriverCluster;
  #connected: Promise<void> | undefined;

  constructor(options: ResolvedKafkaClientOptions) {
    this.#options = options;
    this.#sockets = new BrokerSockets(options);
    const kafka = createKafka(options, this.#sockets);
    this.#admin = kafka.admin();
    this.#cluster = driverCluster(kafka);
  }

  async nodes(): Promise<readonly NodeFacts[]> {
    const { brokers } = await this.#ask('the cluster cannot be described', () =>
      this.#admin.describeCluster(),
    );
    return brokers.map(({ nodeId, host, port }) => ({ nodeId, address: `${host}:${port}` }));
  }

  /** The newest version of the Fetch request that a node speaks. */
  async fetchVersion(nodeId: number): Promise<number> {
    const { versions } = await this.#broker(nodeId);
    return versions?.[FETCH_API_KEY]?.maxVersion ?? 0;
  }

  /** Every topic that may be seen, without Kafka's own. */
  async topicNames(): Promise<readonly string[]> {
    const names = await this.#ask('topics cannot be listed', () => this.#admin.listTopics());
    return names.filter((name) => !name.startsWith('__')).sort();
  }

  /** Where the partitions of a topic are; undefined when there is no such topic. */
  async partitions(topic: string): Promise<readonly PartitionPlace[] | undefined> {
    const doing = `the metadata of topic ${topic} cannot be read`;
    try {
      const { topics } = await this.#ask(doing, () => this.#admin.fetchTopicMetadata({ topics: [topic] }));
      return (topics[0]?.partitions ?? [])
        .map(({ partitionId, leader, replicas, isr }) => ({
          partition: partitionId,
          leader,
          replicas: replicas.length,
          inSync: isr.length,
        }))
        .sort((a, b) => a.partition - b.partition);
    } catch (error) {
      if (kafkaErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
      throw error;
    }
  }

  /** The first offset of each partition, or the one behind the last that may be read. */
  async offsets(
    topic: string,
    partitions: readonly number[],
    at: 'earliest' | 'latest',
  ): Promise<ReadonlyMap<number, number>> {
    if (partitions.length === 0) return new Map();
    const asked = partitions.map((partition) => ({ partition }));
    const answer = await this.#ask(`offsets of topic ${topic} cannot be read`, async () => {
      await this.#cluster.addMultipleTargetTopics([topic]);
      return this.#cluster.fetchTopicsOffset([
        { topic, partitions: asked, fromBeginning: at === 'earliest' },
      ]);
    });
    return new Map(
      answer.flatMap((one) => one.partitions.map(({ partition, offset }) => [partition, Number(offset)])),
    );
  }

  /** When the event at an offset was sent, in milliseconds since 1970; null when there is none, or no telling. */
  async sentAt(topic: string, partition: number, leader: number, offset: number): Promise<number | null> {
    const { connectionPool } = await this.#broker(leader);
    const requestTimeout = this.#options.requestTimeoutMs;
    const body = encodeFetch([{ topic, partition, offset, maxBytes: 1 }], { maxWaitMs: 0, maxBytes: 1 });
    return (await this.#ask(`events of topic ${topic} cannot be fetched`, () =>
      connectionPool.send({
        request: {
          apiKey: FETCH_API_KEY,
          apiVersion: FETCH_API_VERSION,
          apiName: 'Fetch',
          encode: async () => ({ buf: body, buffer: body }),
        },
        response: { decode: async (bytes) => batchTime(bytes), parse: async (decoded) => decoded },
        requestTimeout,
      }),
    )) as number | null;
  }

  /** The groups of a node's, or why it does not say; consumers' groups alone. */
  async groupsOf({ nodeId, address }: NodeFacts): Promise<OrReason<readonly string[]>> {
    try {
      const broker = (await this.#broker(nodeId)) as DriverBroker & GroupLister;
      const { groups } = await this.#ask(`groups of ${address} cannot be listed`, () => broker.listGroups());
      return groups
        .filter(({ protocolType }) => protocolType === 'consumer' || protocolType === '')
        .map(({ groupId }) => groupId);
    } catch (error) {
      return { reason: reasonOfKafka(error) };
    }
  }

  async describeGroups(groupIds: readonly string[]): Promise<readonly GroupDescription[]> {
    if (groupIds.length === 0) return [];
    const { groups } = await this.#ask('groups cannot be described', () =>
      this.#admin.describeGroups([...groupIds]),
    );
    return groups;
  }

  /** Where a group is, by topic and partition; without those on which it has no position. */
  async committed(groupId: string): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
    const answer = await this.#ask(`the offsets of group ${groupId} cannot be read`, () =>
      this.#admin.fetchOffsets({ groupId }),
    );
    const known = answer.map(
      ({ topic, partitions }) =>
        [
          topic,
          new Map(
            partitions
              .filter(({ offset }) => Number(offset) >= 0)
              .map(({ partition, offset }) => [partition, Number(offset)]),
          ),
        ] as const,
    );
    return new Map(known.filter(([, offsets]) => offsets.size > 0));
  }

  /** The configuration of a topic, or why it may not be read. */
  topicConfig(topic: string): Promise<OrReason<ReadonlyMap<string, string>>> {
    return this.#config(`topic ${topic}`, { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic });
  }

  /** Whether a node makes topics that are asked for, or why that may not be known. */
  async makesTopics({ nodeId, address }: NodeFacts): Promise<OrReason<boolean>> {
    const node = { type: kafkajs.ConfigResourceTypes.BROKER, name: String(nodeId) };
    const config = await this.#config(address, node);
    return 'reason' in config ? config : config.get('auto.create.topics.enable') !== 'false';
  }

  async #config(
    of: string,
    resource: { readonly type: number; readonly name: string },
  ): Promise<OrReason<ReadonlyMap<string, string>>> {
    try {
      const { resources } = await this.#ask(`the configuration of ${of} cannot be read`, () =>
        this.#admin.describeConfigs({ includeSynonyms: false, resources: [resource] }),
      );
      const entries = resources[0]?.configEntries ?? [];
      return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
    } catch (error) {
      return { reason: reasonOfKafka(error) };
    }
  }

  /** Lets go of the brokers. Safe to call twice. */
  async close(): Promise<void> {
    this.#sockets.close();
    await this.#admin.disconnect().catch(() => {}); // it is gone anyway
  }

  async #broker(nodeId: number): Promise<DriverBroker> {
    return this.#ask(`node ${nodeId} cannot be reached`, () =>
      this.#cluster.findBroker({ nodeId: String(nodeId) }),
    );
  }

  async #connect(): Promise<void> {
    await Promise.all([this.#admin.connect(), this.#cluster.connect()]);
    await this.#cluster.refreshMetadata();
  }

  async #ask<T>(doing: string, run: () => Promise<T>): Promise<T> {
    this.#connected ??= this.#within('Kafka cannot be reached', () => this.#connect()).catch((error) => {
      this.#connected = undefined; // the next question tries anew
      throw error;
    });
    await this.#connected;
    return this.#within(doing, run);
  }

  #within<T>(doing: string, ask: () => Promise<T>): Promise<T> {
    const { connectTimeoutMs, requestTimeoutMs } = this.#options;
    return answerWithin(this.#sockets, { doing, deadlineMs: connectTimeoutMs + requestTimeoutMs }, ask);
  }
}

interface GroupLister {
  listGroups(): Promise<{
    readonly groups: readonly { readonly groupId: string; readonly protocolType: string }[];
  }>;
}

/** What must be granted, and what one node cannot say, does not keep the rest from being looked at. */
function reasonOfKafka(error: unknown): string {
  if (error instanceof KafkaAccessError || error instanceof InfrastructureError) return error.message;
  throw error;
}
