import { startFakeSchemaRegistry, startKafkaCluster } from '@openedx-ts/brokers';
import { eventBus, type KafkaConsumerOptions } from '@openedx-ts/event-bus-kafka';
import { askKafkaUnderTest, deleteKafkaTopics, kafkaStockOf } from './ask-kafka-under-test.js';
import type { BusUnderTest } from './bus-under-test.js';
import { logInKafka } from './log-in-kafka.js';

/** Each node leads two partitions, and two do not need it. */
const replicas = [
  [1, 2],
  [2, 3],
  [3, 1],
  [2, 1],
  [3, 2],
  [1, 3],
];

/** After a kill, of all partitions together; a member may have all of them. */
const mayComeAgain = 100;

/** Three Kafka nodes, and a topic whose partitions have two replicas each; one in sync is enough to accept events. */
export const kafkaClusterUnderTest: BusUnderTest = {
  name: 'kafka-cluster',
  isAlwaysInOrder: true,
  start: async () => {
    const cluster = await startKafkaCluster();
    await cluster.createTopic({ topic: TOPIC, replicas, config: { 'min.insync.replicas': '1' } });
    const registry = await startFakeSchemaRegistry();
    const { bootstrapServers, nodes } = cluster;
    const each = async (change: (node: (typeof nodes)[number]) => Promise<void>) =>
      void (await Promise.all(nodes.map(change)));
    return {
      plugin: eventBus,
      registry,
      kafkaCluster: cluster,
      env: {
        EVENT_BUS: 'kafka',
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: bootstrapServers,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
      },
      clientsWaitMs: 10_000,
      consumerOptions: ({ takeOverMs }): Pick<KafkaConsumerOptions, 'ackEvery' | 'sessionTimeoutMs'> => ({
        sessionTimeoutMs: takeOverMs,
        ackEvery: Math.floor(mayComeAgain / replicas.length),
      }),
      kill: () => each((node) => node.kill()),
      start: () => each((node) => node.start()),
      freeze: () => each((node) => node.freeze()),
      unfreeze: () => each((node) => node.unfreeze()),
      flush: () => askKafkaUnderTest(bootstrapServers, deleteKafkaTopics),
      log: (topic) => logInKafka(bootstrapServers, topic),
      stock: (topic, groupId) =>
        askKafkaUnderTest(bootstrapServers, (admin) => kafkaStockOf(admin, topic, groupId)),
      [Symbol.asyncDispose]: async () => {
        await registry[Symbol.asyncDispose]();
        await cluster[Symbol.asyncDispose]();
      },
    };
  },
};

/** The topic of the rig. */
const TOPIC = 'items';
