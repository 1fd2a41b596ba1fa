import { KafkaDriver } from '../driver/kafka-driver.js';
import type { GroupDescription } from '../driver/kafkajs-broker.js';
import { errorName } from '../driver/protocol/error-names.js';
import { fetchRequest } from '../driver/protocol/fetch.js';
import type { PartitionMetadata } from '../driver/protocol/metadata.js';
import type { ResolvedKafkaClientOptions } from '../options/kafka-options.js';
import { groupBy } from '../runtime/group-by.js';
import { effectiveOffsets } from './effective-offsets.js';
import { type OrReason, orReason } from './or-reason.js';

/** A broker of the cluster. */
export interface BrokerFacts {
  readonly nodeId: number;
  /** `host:port` as the cluster reports it to clients. */
  readonly address: string;
}

/**
 * Reads the state of a cluster for operators. Nothing here changes anything: topics and groups that do not exist are not
 * created.
 *
 * All methods throw `InfrastructureError` for an error that may pass, `KafkaAccessError` for access that must be granted.
 */
export class ClusterReader {
  readonly #driver: KafkaDriver;
  #connected: Promise<void> | undefined;

  constructor(options: ResolvedKafkaClientOptions) {
    this.#driver = new KafkaDriver(options);
  }

  async brokers(): Promise<readonly BrokerFacts[]> {
    const { brokers } = await this.driver();
    return brokers.map(({ nodeId, host, port }) => ({ nodeId, address: `${host}:${port}` }));
  }

  /** The newest version of the Fetch request that a broker offers. */
  async fetchVersion(nodeId: number): Promise<number> {
    return (await this.driver()).versionOffered(nodeId, fetchRequest.apiKey);
  }

  /** Whether a broker gives this user an id for a producer. */
  async mayProduceIdempotently(nodeId: number): Promise<boolean> {
    const { errorCode } = await (await this.driver()).fetchProducerId(nodeId);
    return errorName(errorCode) !== 'CLUSTER_AUTHORIZATION_FAILED';
  }

  /** The full names of all topics that this user may see, without those of Kafka itself. */
  async topicNames(): Promise<readonly string[]> {
    const names = await (await this.driver()).topicNames();
    return names.filter((name) => !name.startsWith('__')).sort();
  }

  /** The partitions of a topic; undefined when there is no such topic. */
  async partitions(fullTopic: string): Promise<readonly PartitionMetadata[] | undefined> {
    const found = await (await this.driver()).describeTopic(fullTopic);
    return found === undefined
      ? undefined
      : [...found.partitions].sort((one, other) => one.partition - other.partition);
  }

  /**
   * The first offset of each partition, or the one behind the last event that may be read or (`end`) is stored; without
   * those of partitions whose leader does not answer.
   */
  async offsets(
    fullTopic: string,
    partitions: readonly number[],
    at: 'earliest' | 'latest' | 'end',
  ): Promise<ReadonlyMap<number, number>> {
    return (await (await this.driver()).listOffsetsByPartition(fullTopic, partitions, at)).offsets;
  }

  /** When the event at an offset was sent, in milliseconds since 1970; null when there is none or it is not known. */
  async sentAt(topic: string, partition: number, leader: number, offset: number): Promise<number | null> {
    const driver = await this.driver();
    const position = { topic, partition, offset, maxBytes: 1 };
    const [fetched] = await driver.fetch(leader, [position], { maxWaitMs: 0, maxBytes: 1 });
    return fetched === undefined || fetched.errorCode !== 0 ? null : fetched.firstBatchAt;
  }

  /** The consumer groups that a broker coordinates, or the reason why it does not list them. */
  async groupsOf({ nodeId }: BrokerFacts): Promise<OrReason<readonly string[]>> {
    const driver = await this.driver();
    return orReason(driver.listGroups(nodeId));
  }

  /** What Kafka reports of a group; undefined for none. */
  async describeGroup(groupId: string): Promise<GroupDescription | undefined> {
    return (await this.driver()).coordinatorOf(groupId).describeGroup();
  }

  /** A group's committed offsets (`effectiveOffsets`), by full topic and partition; without those on which it has none. */
  async committed(groupId: string): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
    const driver = await this.driver();
    const byTopic = groupBy(await driver.coordinatorOf(groupId).offsetFetch(null), ({ topic }) => topic);
    const offsets = new Map<string, ReadonlyMap<number, number>>();
    for (const [topic, commits] of byTopic)
      offsets.set(topic, await effectiveOffsets(driver, topic, commits));
    return offsets;
  }

  /** The configuration of a topic, or the reason why it cannot be read. */
  async topicConfig(fullTopic: string): Promise<OrReason<ReadonlyMap<string, string>>> {
    const driver = await this.driver();
    return orReason(driver.describeConfigs(fullTopic));
  }

  /** Whether a broker creates topics that are used, or the reason why that cannot be read. */
  async createsTopics({ nodeId }: BrokerFacts): Promise<OrReason<boolean>> {
    const driver = await this.driver();
    const config = await orReason(driver.describeConfigs(nodeId));
    return 'reason' in config ? config : config.get('auto.create.topics.enable') !== 'false';
  }

  /** Closes the connections. Safe to call twice. */
  close(): void {
    this.#driver.close();
  }

  /** The driver, connected, for requests that change something. */
  async driver(): Promise<KafkaDriver> {
    this.#connected ??= this.#connect().catch((error) => {
      this.#connected = undefined; // the next call tries again
      throw error;
    });
    await this.#connected;
    return this.#driver;
  }

  async #connect(): Promise<void> {
    await this.#driver.connect();
    await this.#driver.refreshMetadata();
  }
}
