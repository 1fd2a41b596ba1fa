import { type KafkaCluster, type KafkaServer, makeTopics } from '@openedx-ts/brokers';
import type { BrokerSwitch } from '@openedx-ts/events-testing/conformance';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { startProduceRefusals } from './produce-refusals.js';

/** A Kafka of one node or of several, on which the suite runs. */
export interface KafkaTarget extends AsyncDisposable {
  readonly bootstrapServers: string;
  /** Where producers find it; otherwise as the others. */
  readonly producerServers?: string;
  readonly admin: Admin;
  /** Makes it refuse the messages of producers, where it can. */
  readonly refusal?: BrokerSwitch;
  /** Makes it refuse those of one partition, where it can. */
  readonly laneOutage?: {
    stop(topic: string, partition: number): Promise<void>;
    start(): Promise<void>;
  };
  createTopic(topic: string): Promise<void>;
  /** Kills all nodes. */
  kill(): Promise<void>;
  /** Starts them again; resolves when all answer. */
  start(): Promise<void>;
}

/** One node. */
export async function singleKafka(server: KafkaServer): Promise<KafkaTarget> {
  const { bootstrapServers } = server;
  const admin = await connected(bootstrapServers);
  return {
    bootstrapServers,
    admin,
    createTopic: (topic) => makeTopics(admin, [{ topic, numPartitions: 2 }]),
    kill: () => server.kill(),
    start: () => server.start(),
    async [Symbol.asyncDispose]() {
      await admin.disconnect();
      await server[Symbol.asyncDispose]();
    },
  };
}

/**
 * One node that can refuse the messages of producers.
 *
 * @param port where the broker's option `advertised` sends them
 */
export async function refusingKafka(server: KafkaServer, port: number): Promise<KafkaTarget> {
  const single = await singleKafka(server);
  const refusals = await startProduceRefusals({ target: server.advertised, port });
  const start = async () => refusals.start();
  return {
    ...single,
    producerServers: refusals.bootstrapServers,
    refusal: { stop: () => refusals.stop(), start },
    laneOutage: { stop: async (topic, partition) => refusals.stopPartition(topic, partition), start },
    async [Symbol.asyncDispose]() {
      await refusals[Symbol.asyncDispose]();
      await single[Symbol.asyncDispose]();
    },
  };
}

/** Three nodes. A topic has two partitions with two replicas each, both of which must have an event. */
export async function severalKafkas(cluster: KafkaCluster): Promise<KafkaTarget> {
  const { bootstrapServers, nodes } = cluster;
  const admin = await connected(bootstrapServers);
  let dead: number | undefined;
  return {
    bootstrapServers,
    admin,
    laneOutage: {
      stop: async (topic, partition) => {
        dead = partition === 0 ? 1 : 3; // the other partition does not need it
        await cluster.node(dead).kill();
        await cluster.untilPartitions(topic, (now) => now[partition]?.leader === 2);
      },
      start: async () => {
        if (dead !== undefined) await cluster.node(dead).start();
        dead = undefined;
        await cluster.untilInSync();
      },
    },
    createTopic: (topic) => {
      const replicas = [
        [1, 2],
        [3, 2],
      ];
      return cluster.createTopic({ topic, replicas, config: { 'min.insync.replicas': '2' } });
    },
    kill: async () => void (await Promise.all(nodes.map((node) => node.kill()))),
    start: async () => {
      await Promise.all(nodes.map((node) => node.start()));
      await cluster.untilInSync();
    },
    async [Symbol.asyncDispose]() {
      await admin.disconnect();
      await cluster[Symbol.asyncDispose]();
    },
  };
}

async function connected(bootstrapServers: string): Promise<Admin> {
  const retry = { initialRetryTime: 50, retries: 20, maxRetryTime: 500 };
  const brokers = bootstrapServers.split(',');
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry }).admin();
  await admin.connect();
  return admin;
}
