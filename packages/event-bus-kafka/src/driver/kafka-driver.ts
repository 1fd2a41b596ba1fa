import { InfrastructureError } from '@openedx-ts/events-core';
import type { ResolvedKafkaClientOptions } from '../options/kafka-options.js';
import { Connections } from './connections.js';
import { createTopic, type NewTopic } from './create-topic.js';
import { deleteRecords } from './delete-records.js';
import { describeConfigs } from './describe-configs.js';
import { fetchProducerId } from './fetch-producer-id.js';
import { decodeFetched, type FetchedPartition } from './fetched-partition.js';
import { GroupCoordinator } from './group-coordinator.js';
import { kafkaError } from './kafka-error.js';
import type { KafkajsBroker } from './kafkajs-broker.js';
import { listGroups } from './list-groups.js';
import { listOffsets } from './list-offsets.js';
import type { ListedOffsets } from './listed-offsets.js';
import type { OffsetSpec } from './offset-spec.js';
import { FETCH_BY_TOPIC_ID, type FetchLimits, type FetchPosition, fetchRequest } from './protocol/fetch.js';
import {
  type BrokerAddress,
  type ClusterMetadata,
  type MetadataQuery,
  metadataRequest,
  type PartitionMetadata,
  type TopicMetadata,
} from './protocol/metadata.js';
import { ProtocolError } from './protocol/protocol-error.js';
import type { DecodeLimits } from './protocol/record-batch.js';
import { sendRequest } from './send-request.js';
import { TopicDirectory } from './topic-directory.js';

/**
 * A client of Kafka, in Kafka's own words, for members of groups and for operators. It is the only way to kafkajs for
 * the other folders, besides `ProducerSession` for producers.
 *
 * All methods throw `InfrastructureError` for an error that may pass, `KafkaAccessError` for access that must be granted.
 */
export class KafkaDriver {
  readonly #options: ResolvedKafkaClientOptions;
  readonly #connections: Connections;
  readonly #directory = new TopicDirectory();

  constructor(options: ResolvedKafkaClientOptions) {
    this.#options = options;
    this.#connections = new Connections(options, async (broker) => {
      const metadata = await this.#metadata(broker, { topics: this.#directory.names });
      this.#directory.update(metadata);
      return { brokers: metadata.brokers, controllerId: metadata.controllerId, topicMetadata: [] };
    });
  }

  /** The requests that only the coordinator of a group answers. */
  coordinatorOf(groupId: string): GroupCoordinator {
    return new GroupCoordinator({
      connections: this.#connections,
      groupId,
      requestTimeoutMs: this.#options.requestTimeoutMs,
      probe: (nodeId) => this.fetch(nodeId, [], { maxWaitMs: 0, maxBytes: 1 }).then(() => {}),
    });
  }

  /** Cuts all connections and starts with the bootstrap servers again. */
  renew(): void {
    this.#connections.renew();
  }

  /** Cuts all connections for good. Safe to call twice. */
  close(reason?: string): void {
    this.#connections.close(reason);
  }

  connect(): Promise<void> {
    return this.#connections.ask('Kafka cannot be reached', (cluster) => cluster.connect());
  }

  /** Whether a topic exists, or the error by which Kafka refuses it alone; from then on each refresh asks about it. */
  async hasTopic(fullTopic: string): Promise<boolean | Error> {
    const doing = `the metadata of topic ${fullTopic} cannot be read`;
    this.#directory.add(fullTopic);
    await this.#connections.ask(doing, async (cluster) => {
      if (!this.#directory.isFound(fullTopic)) await cluster.refreshMetadata();
      if (!this.#directory.isKnown(fullTopic)) await cluster.refreshMetadata(); // that refresh was under way before
    });
    try {
      return !this.#directory.isMissing(fullTopic) && this.partitionsOf(fullTopic).length > 0;
    } catch (error) {
      return kafkaError(error, doing);
    }
  }

  /** Reads the metadata of one topic now; undefined when it does not exist. */
  async describeTopic(fullTopic: string): Promise<TopicMetadata | undefined> {
    const doing = `the metadata of topic ${fullTopic} cannot be read`;
    return this.#connections.ask(doing, async (cluster) => {
      const broker = await cluster.findConnectedBroker();
      this.#directory.addDescribed(fullTopic);
      this.#directory.update(await this.#metadata(broker, { topics: [fullTopic] }));
      return this.#directory.isMissing(fullTopic) ? undefined : this.#directory.get(fullTopic);
    });
  }

  /** Reads the metadata of topics once; without those that do not exist or may not be read. */
  async readTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    if (topics.length === 0) return new Map();
    const found = await this.#connections.ask('topics cannot be read', async (cluster) =>
      this.#metadata(await cluster.findConnectedBroker(), { topics }),
    );
    return new Map(found.topics.filter((one) => one.errorCode === 0).map((one) => [one.topic, one]));
  }

  /** Reads the metadata of all topics that were asked about. One that is gone or refused keeps its last metadata. */
  async refreshMetadata(): Promise<void> {
    await this.#connections.ask('metadata cannot be read', (cluster) => cluster.refreshMetadata());
  }

  /** A topic's partitions as of the last refresh; none while it was not found. */
  partitionsOf(fullTopic: string): readonly PartitionMetadata[] {
    return this.#directory.get(fullTopic)?.partitions ?? [];
  }

  /** A topic's id as of the last refresh; undefined while it was not found, and for brokers before Kafka 2.8. */
  readonly topicIdOf = (fullTopic: string): string | undefined => this.#directory.get(fullTopic)?.topicId;

  /** The brokers as of the last refresh. */
  get brokers(): readonly BrokerAddress[] {
    return this.#directory.brokers;
  }

  /** The full names of all topics that this user may see. */
  async topicNames(): Promise<readonly string[]> {
    const { topics } = await this.#connections.ask('topics cannot be listed', async (cluster) =>
      this.#metadata(await cluster.findConnectedBroker(), { topics: null }),
    );
    return topics.map(({ topic: fullTopic }) => fullTopic);
  }

  /** The newest version of a request that a broker offers; 0 for none. */
  async versionOffered(nodeId: number, apiKey: number): Promise<number> {
    return (await this.#broker(nodeId)).versions?.[apiKey]?.maxVersion ?? 0;
  }

  /** Fetches a new id for a producer. The error of the broker is part of it. */
  readonly fetchProducerId = (nodeId: number) =>
    fetchProducerId(this.#connections, nodeId, this.#options.requestTimeoutMs);

  /**
   * Reads partitions from a position on, from the broker that leads them. An error with one partition does not affect
   * the others.
   */
  async fetch(
    nodeId: number,
    positions: readonly FetchPosition[],
    limits: FetchLimits & DecodeLimits,
  ): Promise<readonly FetchedPartition[]> {
    const doing = 'events cannot be fetched';
    const broker = await this.#connections.broker(nodeId, doing);
    const known = positions.map((position) => ({ topicId: this.topicIdOf(position.topic), ...position }));
    const haveIds = known.every(({ topicId }) => topicId !== undefined);
    const timeoutMs = limits.maxWaitMs + this.#options.requestTimeoutMs;
    const maxVersion = haveIds ? undefined : FETCH_BY_TOPIC_ID - 1;
    const { errorCode, partitions } = await this.#connections.askBroker(
      broker,
      doing,
      () => sendRequest(broker, fetchRequest, { ...limits, positions: known }, { timeoutMs, maxVersion }),
      timeoutMs,
    );
    if (errorCode !== 0) {
      const reason = new ProtocolError(errorCode).type;
      throw new InfrastructureError(`${doing}: Kafka at ${broker.brokerAddress}: ${reason}`);
    }
    return decodeFetched(partitions, known, limits);
  }

  /**
   * Offsets of partitions, from their leaders; -1 where there is no event since a time.
   *
   * @throws InfrastructureError when one of them cannot be read
   */
  async listOffsets(
    fullTopic: string,
    partitions: readonly number[],
    at: OffsetSpec,
  ): Promise<ReadonlyMap<number, number>> {
    const { offsets, failures } = await this.listOffsetsByPartition(fullTopic, partitions, at);
    for (const error of failures.values()) throw error;
    return offsets;
  }

  /** Offsets of partitions, from their leaders. One without a leader, or whose leader is silent, does not affect others. */
  async listOffsetsByPartition(
    fullTopic: string,
    partitions: readonly number[],
    at: OffsetSpec,
  ): Promise<ListedOffsets> {
    const { requestTimeoutMs } = this.#options;
    const topic = { topic: fullTopic, partitions: this.partitionsOf(fullTopic) };
    return listOffsets({ connections: this.#connections, requestTimeoutMs }, topic, partitions, at);
  }

  /** Deletes the records of partitions that lie before an offset. */
  async deleteRecords(fullTopic: string, before: ReadonlyMap<number, number>): Promise<void> {
    const topic = { topic: fullTopic, partitions: this.partitionsOf(fullTopic) };
    await deleteRecords(this.#connections, topic, before);
  }

  /** Ids of the consumer groups that a broker coordinates. */
  async listGroups(nodeId: number): Promise<readonly string[]> {
    const broker = await this.#broker(nodeId);
    const doing = `groups of ${broker.brokerAddress} cannot be listed`;
    return this.#connections.askBroker(broker, doing, () => listGroups(broker));
  }

  /** The configuration of a topic, or with a node id of that broker. */
  async describeConfigs(of: string | number): Promise<ReadonlyMap<string, string>> {
    const doing = `the configuration of ${typeof of === 'string' ? 'topic' : 'broker'} ${of} cannot be read`;
    return this.#connections.ask(doing, (cluster) => describeConfigs(cluster, of));
  }

  /** Creates a topic with replicas as brokers give them by default. */
  async createTopic(topic: NewTopic): Promise<void> {
    const doing = `topic ${topic.fullTopic} cannot be created`;
    await this.#connections.ask(doing, (cluster) => createTopic(cluster, topic));
  }

  #broker(nodeId: number): Promise<KafkajsBroker> {
    return this.#connections.broker(nodeId, `broker ${nodeId} cannot be reached`);
  }

  async #metadata(broker: KafkajsBroker, query: MetadataQuery): Promise<ClusterMetadata> {
    const { requestTimeoutMs: timeoutMs } = this.#options;
    const metadata = await sendRequest(broker, metadataRequest, query, { timeoutMs });
    ProtocolError.throwIf(metadata.errorCode);
    return metadata;
  }
}
