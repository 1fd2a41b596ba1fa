import { makeTopics, startFakeSchemaRegistry, startKafka, startRedis } from '@openedx-ts/brokers';
import { KafkaEventBusProducer } from '@openedx-ts/event-bus-kafka';
import { MemoryBroker, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { RedisEventBusProducer } from '@openedx-ts/event-bus-redis';
import type { Producer } from '@openedx-ts/events-core';
import kafkajs from 'kafkajs';
import { topic } from './sample-events.js';

/** A bus on which a relay publishes. */
export interface MeasuredBus extends AsyncDisposable {
  readonly name: 'memory' | 'Redis' | 'Kafka';
  /** What a relay reaches at least, as a part of the bus's own `publishEncoded`. */
  readonly bar: number;
  /** For one round. */
  producer(): Pick<Producer, 'publishEncoded'>;
}

/** Starts the brokers, one after another. */
export async function startBuses(): Promise<readonly MeasuredBus[]> {
  return [memoryBus(), await redisBus(), await kafkaBus()];
}

/** Each round has a broker of its own: one keeps all its messages. */
export function memoryBus(): MeasuredBus {
  return {
    name: 'memory',
    bar: 0.5,
    producer: () => new MemoryEventBusProducer({ broker: new MemoryBroker() }),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function redisBus(): Promise<MeasuredBus> {
  const server = await startRedis({ own: true });
  const producer = new RedisEventBusProducer({ url: server.url });
  return {
    name: 'Redis',
    bar: 0.35,
    producer: () => producer,
    [Symbol.asyncDispose]: async () => {
      await producer.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function kafkaBus(): Promise<MeasuredBus> {
  const server = await startKafka({ own: true, jvmOptions: ['-XX:TieredStopAtLevel=4'] });
  const registry = await startFakeSchemaRegistry();
  const { bootstrapServers } = server;
  await createTopic(bootstrapServers);
  const producer = new KafkaEventBusProducer({ bootstrapServers, schemaRegistry: { url: registry.url } });
  return {
    name: 'Kafka',
    bar: 0.6,
    producer: () => producer,
    [Symbol.asyncDispose]: async () => {
      await producer.close();
      await registry[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function createTopic(bootstrapServers: string): Promise<void> {
  const kafka = new kafkajs.Kafka({ brokers: [bootstrapServers], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await makeTopics(admin, [{ topic, numPartitions: 1 }]);
  await admin.disconnect();
}
