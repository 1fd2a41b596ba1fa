import type { KafkaServer } from '@openedx-ts/brokers';
import { KafkaEventBusConsumer, KafkaEventBusProducer } from '@openedx-ts/event-bus-kafka';
import { MemoryBroker } from '@openedx-ts/event-bus-memory';
import type { Message } from '@openedx-ts/events-core';
import type { BusHarness } from '@openedx-ts/events-testing/conformance';
import { type Admin, Kafka, logLevel } from 'kafkajs';

/** The harness of the Kafka bus. Sessions are short, so that a crashed member does not hold up the others for long. */
export function kafkaHarness(start: () => Promise<KafkaServer>): BusHarness {
  let server: KafkaServer;
  let admin: Admin;
  const { schemas: schemaRegistry } = new MemoryBroker();
  const client = () => ({
    bootstrapServers: server.bootstrapServers,
    schemaRegistry,
    requestTimeoutMs: 3_000,
  });
  return {
    name: 'Kafka bus',
    capabilities: {
      orderWithSeveralConsumers: true,
      startAtTime: true,
      startAtPosition: true,
      tombstones: true,
      repeatedHeaders: true,
      binaryHeaders: true,
    },
    timeoutMs: 20_000, // a broker that comes back takes some seconds
    open: async () => {
      server = await start();
      admin = kafka(server).admin();
      await admin.connect();
    },
    close: async () => {
      await admin.disconnect();
      await server[Symbol.asyncDispose]();
    },
    createTopic: async (topic) => {
      await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true });
    },
    createProducer: (options) => new KafkaEventBusProducer({ ...client(), ...options }),
    createConsumer: (options) =>
      new KafkaEventBusConsumer({
        ...client(),
        sessionTimeoutMs: 1_200,
        heartbeatIntervalMs: 100,
        maxWaitMs: 100,
        ...options,
      }),
    crashConsumer: (consumer) => (consumer as KafkaEventBusConsumer).crash(),
    outage: { stop: () => server.kill(), start: () => server.start() },
    readTopic: (fullTopic) => readTopic(kafka(server), admin, fullTopic),
  };
}

function kafka({ bootstrapServers }: KafkaServer): Kafka {
  return new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING });
}

/** All messages of a topic, partition after partition. */
async function readTopic(client: Kafka, admin: Admin, topic: string): Promise<readonly Message[]> {
  if (!(await admin.listTopics()).includes(topic)) return [];
  const ends = await admin.fetchTopicOffsets(topic);
  const missing = new Map(ends.map(({ partition, low, high }) => [partition, Number(high) - Number(low)]));
  const total = [...missing.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  const consumer = client.consumer({ groupId: `reader-${topic}-${Math.random()}`, maxWaitTimeInMs: 50 });
  const messages: (Message & { readonly partition: number; readonly offset: number })[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachMessage: async ({ partition, message: { key, value, headers = {}, offset } }) => {
          messages.push({
            topic,
            key,
            value,
            headers: Object.entries(headers).flatMap(([name, given]) =>
              (Array.isArray(given) ? given : [given]).map((one) => [name, Buffer.from(one ?? '')] as const),
            ),
            partition,
            offset: Number(offset),
          });
          if (messages.length >= total) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return messages
    .sort((a, b) => a.partition - b.partition || a.offset - b.offset)
    .map(({ partition: _partition, offset: _offset, ...message }) => message);
}
