import type { Kafka } from 'kafkajs';
import type { KafkajsBroker } from './kafkajs-broker.js';
import { methodsOf } from './methods-of.js';
import type { BrokerAddress } from './protocol/metadata.js';

/**
 * The parts of kafkajs' cluster that this package uses: connections, security, and the brokers of the metadata. kafkajs
 * hands its cluster to the partition assigners that it is given, which is a documented way to reach it; its own consumer
 * is not used (decision 10). What is used is checked when it is reached, and by a test: kafkajs is pinned.
 */
export interface KafkajsCluster {
  connect(): Promise<void>;
  /** Reads the metadata with the reader given to `kafkajsCluster`, and connects to brokers as it reports them. */
  refreshMetadata(): Promise<void>;
  findBroker(node: { readonly nodeId: string }): Promise<KafkajsBroker>;
  findGroupCoordinator(group: { readonly groupId: string }): Promise<KafkajsBroker>;
  /** Any broker that can be reached, connected. */
  findConnectedBroker(): Promise<KafkajsBroker>;
  /** The controller; since Kafka 3 any broker. */
  findControllerBroker(): Promise<KafkajsBroker>;
}

/** What kafkajs needs of the metadata to keep connections. */
export interface KafkajsMetadata {
  readonly brokers: readonly BrokerAddress[];
  readonly controllerId: number;
  readonly topicMetadata: readonly never[];
}

/**
 * Reaches the cluster of a kafkajs client: connections of its own, nothing connected yet. Each broker reports which
 * versions of requests it offers (kafkajs would take those of the first for all), and its metadata is read by us.
 *
 * @throws TypeError when the installed kafkajs lacks a part that is used here
 */
export function kafkajsCluster(
  kafka: Kafka,
  readMetadata: (broker: KafkajsBroker) => Promise<KafkajsMetadata>,
): KafkajsCluster {
  let reached: unknown;
  kafka.consumer({
    groupId: 'none', // this consumer never runs
    allowAutoTopicCreation: false,
    partitionAssigners: [
      ({ cluster }) => {
        reached = cluster;
        return {
          name: '',
          version: 0,
          assign: async () => [],
          protocol: () => ({ name: '', metadata: Buffer.alloc(0) }),
        };
      },
    ],
  });
  const cluster = methodsOf<Omit<KafkajsCluster, 'findConnectedBroker'>>(reached, [
    'connect',
    'refreshMetadata',
    'findBroker',
    'findGroupCoordinator',
    'findControllerBroker',
  ]);
  const { brokerPool } = cluster as typeof cluster & { readonly brokerPool?: unknown };
  const pool = methodsOf<BrokerPool>(brokerPool, ['createBroker', 'findConnectedBroker']);
  const { createBroker } = pool;
  pool.createBroker = (options) => {
    const broker = createBroker({ ...options, versions: null });
    return Object.assign(broker, { metadata: () => readMetadata(broker) });
  };
  return Object.assign(cluster, { findConnectedBroker: () => pool.findConnectedBroker() });
}

interface BrokerPool {
  createBroker: (options: object) => KafkajsBroker;
  findConnectedBroker(): Promise<KafkajsBroker>;
}
