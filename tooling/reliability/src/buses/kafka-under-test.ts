import { freePort, startFakeSchemaRegistry, startFaultProxy, startKafka } from '@openedx-ts/brokers';
import { eventBus, type KafkaConsumerOptions } from '@openedx-ts/event-bus-kafka';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { BrokerStock, BusUnderTest } from './bus-under-test.js';
import { copiesInKafka } from './copies-in-kafka.js';

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
      flush: () => ask(bootstrapServers, deleteAll),
      copies: (topic) => copiesInKafka(bootstrapServers, topic),
      stock: (topic, groupId) => ask(bootstrapServers, (admin) => stockOf(admin, topic, groupId)),
      [Symbol.asyncDispose]: async () => {
        await proxy?.close();
        await registry[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  },
};

async function ask<Answer>(
  bootstrapServers: string,
  question: (admin: Admin) => Promise<Answer>,
): Promise<Answer> {
  const retry = { initialRetryTime: 50, retries: 20, maxRetryTime: 500 };
  const admin = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING, retry }).admin();
  await admin.connect();
  try {
    return await question(admin);
  } finally {
    await admin.disconnect();
  }
}

async function stockOf(admin: Admin, topic: string, groupId: string): Promise<BrokerStock> {
  const ends = await admin.fetchTopicOffsets(topic);
  const groups = await admin.fetchOffsets({ groupId, topics: [topic] });
  const committed = new Map(
    groups.flatMap(({ partitions }) =>
      partitions.map(({ partition, offset }) => [partition, Number(offset)]),
    ),
  );
  const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
  return {
    stored: sum(ends.map(({ high, low }) => Number(high) - Number(low))),
    pending: 0, // what the group has not committed counts as unread: Kafka does not know what it has delivered
    unread: sum(
      ends.map(({ partition, high, low }) =>
        Math.max(0, Number(high) - Math.max(Number(low), committed.get(partition) ?? 0)),
      ),
    ),
  };
}

async function deleteAll(admin: Admin): Promise<void> {
  const topics = await admin.listTopics();
  await admin.deleteTopics({ topics: topics.filter((topic) => !topic.startsWith('__')) });
}
