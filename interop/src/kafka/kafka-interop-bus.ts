import { type KafkaServer, makeTopics } from '@openedx-ts/brokers';
import {
  KafkaEventBusConsumer,
  KafkaEventBusProducer,
  kafkaConsumerSettings,
  kafkaProducerSettings,
} from '@openedx-ts/event-bus-kafka';
import { Kafka, logLevel } from 'kafkajs';
import type { EventOnBus, InteropBus, InteropPlan } from '../interop-bus.js';
import { headerText, readTopics } from './read-topics.js';

/** A registry with the Confluent API. */
export interface RunningRegistry extends AsyncDisposable {
  readonly url: string;
}

export interface KafkaInteropOptions {
  readonly server: KafkaServer;
  readonly registry: RunningRegistry;
  /** The interpreter of the peer. */
  readonly python: string;
  readonly plan: InteropPlan;
}

/**
 * A Kafka and a registry that both sides are on, with the topics of the plan. Both are given the same settings. Servers
 * end with the bus.
 */
export async function kafkaInteropBus(options: KafkaInteropOptions): Promise<InteropBus> {
  const { server, registry, python, plan } = options;
  const { bootstrapServers } = server;
  const settings = {
    EVENT_BUS_PRODUCER: 'edx_event_bus_kafka.create_producer',
    EVENT_BUS_CONSUMER: 'edx_event_bus_kafka.KafkaEventConsumer',
    EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: bootstrapServers,
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
  };
  await createTopics(bootstrapServers, plan);
  await createGroup(settings, plan);
  return {
    settings,
    consumerExtra: {},
    createProducer: (more) => new KafkaEventBusProducer({ ...kafkaProducerSettings(settings), ...more }),
    createConsumer: (more) =>
      new KafkaEventBusConsumer({ ...kafkaConsumerSettings(settings), maxWaitMs: 100, ...more }),
    read: async (topics) => {
      const found = new Map<string, EventOnBus>();
      for (const message of await readTopics(python, bootstrapServers, topics)) {
        const { partition, key, value, headers } = message;
        const bytes = `partition ${partition}, key ${key}, value ${value}`;
        found.set(headerText(message, 'ce_id') ?? '', { names: headers.map(([name]) => name), bytes });
      }
      return found;
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

async function createTopics(bootstrapServers: string, { topicPrefix, topics }: InteropPlan): Promise<void> {
  const admin = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const made = Object.values(topics).map((topic) => ({ topic: `${topicPrefix}-${topic}`, numPartitions: 4 }));
  await makeTopics(admin, made);
  await admin.disconnect();
}

/**
 * Python starts with messages sent after it has joined, unless its group has been somewhere before: a member of ours takes
 * the group to the beginning.
 */
async function createGroup(
  settings: Readonly<Record<string, string>>,
  { topicPrefix, topics, pythonGroup }: InteropPlan,
): Promise<void> {
  await using member = new KafkaEventBusConsumer({
    ...kafkaConsumerSettings(settings),
    topicPrefix,
    topics: [topics.toPython],
    groupId: pythonGroup,
    startFrom: 'earliest',
  });
  const running = member.run();
  await member.ready;
  await member.close();
  await running;
}
