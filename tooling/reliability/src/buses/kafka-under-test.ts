import { freePort, startFakeSchemaRegistry, startFaultProxy, startKafka } from '@openedx-ts/brokers';
import { eventBus, type KafkaConsumerOptions } from '@openedx-ts/event-bus-kafka';
import { askKafkaUnderTest, deleteKafkaTopics, kafkaStockOf } from './ask-kafka-under-test.js';
import type { BusUnderTest } from './bus-under-test.js';
import { logInKafka } from './log-in-kafka.js';

const numPartitions = 4;

/** After a kill, of all partitions together; a member may have all of them. */
const mayComeAgain = 100;

/** A broker that was killed waits for the end of its old session; members may be short-lived, too. */
const quick = [
  'broker.session.timeout.ms=1000',
  'broker.heartbeat.interval.ms=200',
  'group.min.session.timeout.ms=300',
];

/** Of each partition, about 200,000 small events stay. */
const forgetful = [
  'log.segment.bytes=16777216',
  'log.retention.bytes=33554432',
  'log.retention.check.interval.ms=10000',
];

type OwnOptions = Pick<KafkaConsumerOptions, 'ackEvery' | 'sessionTimeoutMs'>;

/** Kafka, one node, with a schema registry in the process of the rig. */
export const kafkaUnderTest: BusUnderTest = {
  name: 'kafka',
  isAlwaysInOrder: true,
  start: async ({ isProxied = false, forgets = false } = {}) => {
    // Clients go where the broker sends them, so it must know of the proxy.
    const port = isProxied ? await freePort() : 0;
    const advertised = isProxied ? { advertised: { host: '127.0.0.1', port } } : {};
    const config = forgets ? [...quick, ...forgetful] : quick;
    const server = await startKafka({ own: true, numPartitions, config, ...advertised });
    const proxy = isProxied ? await startFaultProxy({ target: server.advertised, port }) : undefined;
    const registry = await startFakeSchemaRegistry();
    const { bootstrapServers } = server;
    return {
      plugin: eventBus,
      proxy,
      registry,
      env: {
        EVENT_BUS: 'kafka',
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS:
          proxy === undefined ? bootstrapServers : `${proxy.host}:${proxy.port}`,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
      },
      clientsWaitMs: 10_000,
      // Order of a key needs nothing to be asked for.
      consumerOptions: ({ takeOverMs }): OwnOptions => ({
        sessionTimeoutMs: takeOverMs,
        ackEvery: Math.floor(mayComeAgain / numPartitions),
      }),
      kill: () => server.kill(),
      start: () => server.start(),
      freeze: () => server.freeze(),
      unfreeze: () => server.unfreeze(),
      flush: () => askKafkaUnderTest(bootstrapServers, deleteKafkaTopics),
      log: (topic) => logInKafka(bootstrapServers, topic),
      stock: (topic, groupId) =>
        askKafkaUnderTest(bootstrapServers, (admin) => kafkaStockOf(admin, topic, groupId)),
      [Symbol.asyncDispose]: async () => {
        await proxy?.close();
        await registry[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  },
};
