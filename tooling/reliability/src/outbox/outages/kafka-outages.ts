import { type KafkaServer, makeTopics, startFakeSchemaRegistry, startKafka } from '@openedx-ts/brokers';
import { eventBus } from '@openedx-ts/event-bus-kafka';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { affectedTopic, type OutageBus, otherTopic } from './outage-bus.js';

/** After SIGKILL the controller waits for the session of the dead broker to end. */
const config = ['broker.session.timeout.ms=1000', 'broker.heartbeat.interval.ms=200'];

/** Kafka that creates no topic by itself, with a schema registry in the process of the rig. */
export async function kafkaOutages(): Promise<OutageBus> {
  const server = await startKafka({ own: true, config, autoCreateTopics: false });
  const registry = await startFakeSchemaRegistry();
  await create(server, affectedTopic, otherTopic, 'unknown-to-registry');
  return {
    plugin: eventBus,
    env: {
      EVENT_BUS: 'kafka',
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.bootstrapServers,
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
    },
    outages: [
      { kind: 'unreachable', start: () => server.kill(), end: () => server.start() },
      {
        kind: 'missing',
        lateTopic: 'missing',
        start: async () => {},
        end: () => create(server, 'missing'),
      },
      {
        kind: 'registry',
        lateTopic: 'unknown-to-registry',
        start: () => registry.stop(),
        end: () => registry.start(),
      },
    ],
    stored: async (topic) => {
      const ends = await ask(server, (admin) => admin.fetchTopicOffsets(topic));
      return ends.reduce((sum, { high }) => sum + Number(high), 0);
    },
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function create(server: KafkaServer, ...topics: readonly string[]): Promise<void> {
  await ask(server, (admin) =>
    makeTopics(
      admin,
      topics.map((topic) => ({ topic, numPartitions: 4 })),
    ),
  );
}

async function ask<Answer>(
  { bootstrapServers }: KafkaServer,
  question: (admin: Admin) => Promise<Answer>,
): Promise<Answer> {
  const admin = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await question(admin);
  } finally {
    await admin.disconnect();
  }
}
