import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type KafkaServer, kafkaOrReason, makeTopics, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import {
  KafkaEventBusConsumer,
  KafkaEventBusProducer,
  kafkaConsumerSettings,
  kafkaProducerSettings,
} from '@openedx-ts/event-bus-kafka';
import { avroCodec, recordFromJson, recordToJson } from '@openedx-ts/events-avro';
import { allSignals, type OpenEdxPublicSignal, route } from '@openedx-ts/events-core';
import { connectRoutes, type KeyPath } from '@openedx-ts/events-core/bus';
import { Kafka, logLevel } from 'kafkajs';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from '../big-json.js';
import { casesOf } from '../exchange.js';
import { notInPython } from '../not-in-python.js';
import { pythonOrReason } from '../python-environment.js';
import { readTopics, type StoredMessage } from './read-topics.js';
import '@openedx-ts/events-catalog/all';

const kafka = await kafkaOrReason({ own: true });
const peer = await pythonOrReason();
const reason = kafka.reason ?? peer.reason;

const codecs = ['gzip', 'snappy', 'lz4', 'zstd'] as const;
const codec = avroCodec({ unsafeIntegers: 'bigint' });

/** Every event type that Python can put on a bus; some of them, unless all are wanted (`npm run test:full`). */
const signals = allSignals()
  .filter(({ eventType }) => notInPython[eventType] === undefined)
  .filter((_, index) => process.env.TEST_SIZE === 'short' || index % 8 === 0);
const cases = casesOf(signals);

describe.skipIf(reason !== undefined)(
  `Compressed events between TypeScript and Python over Kafka${reason ? ` (${reason})` : ''}`,
  () => {
    let stored: readonly StoredMessage[];
    /** The data of the events that arrived, by topic. */
    const arrived = new Map<string, string[]>();

    beforeAll(async () => {
      await using server = await kafka.start();
      await using registry = await startFakeSchemaRegistry();
      const settings = {
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.bootstrapServers,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
      };
      await createTopics(server);
      await send(settings, 'plain');
      for (const name of codecs) {
        await send(settings, `by-topic-${name}`);
        await send({ ...settings, EVENT_BUS_KAFKA_COMPRESSION: name }, `by-us-${name}`);
      }
      await copy(
        server,
        codecs.flatMap((name) => [name, 'plain', `by-python-${name}`]),
      );
      stored = await readTopics(peer.python, server.bootstrapServers, topics());
      for (const topic of topics()) arrived.set(topic, await receive(settings, topic));
    }, 240_000);

    it.each(codecs)('%s of ours: Python reads what we sent', (name) => {
      expect(contentOf(stored, `by-us-${name}`)).toEqual(contentOf(stored, 'plain'));
    });

    it.each(codecs)('%s of ours: we read what we sent', (name) => {
      expect(arrived.get(`by-us-${name}`)).toEqual(expected);
    });

    it.each(codecs)('%s of brokers: Python reads what we sent', (name) => {
      expect(contentOf(stored, `by-topic-${name}`)).toEqual(contentOf(stored, 'plain'));
    });

    it.each(codecs)('%s of brokers: we read what we sent', (name) => {
      expect(arrived.get(`by-topic-${name}`)).toEqual(expected);
    });

    it.each(codecs)('%s of librdkafka: we read what Python sent', (name) => {
      expect(arrived.get(`by-python-${name}`)).toEqual(expected);
    });
  },
);

const expected = cases.map(({ signal, data }) =>
  stringify(recordToJson(signal, recordFromJson(signal, data) as never)),
);

function topics(): readonly string[] {
  return ['plain', ...codecs.flatMap((name) => [`by-us-${name}`, `by-topic-${name}`, `by-python-${name}`])];
}

async function createTopics({ bootstrapServers }: KafkaServer): Promise<void> {
  const admin = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await makeTopics(
    admin,
    topics().map((topic) => {
      const compression = /^by-topic-(.*)/.exec(topic)?.[1] ?? 'producer';
      return { topic, numPartitions: 1, configEntries: [{ name: 'compression.type', value: compression }] };
    }),
  );
  await admin.disconnect();
}

async function send(settings: Readonly<Record<string, string>>, topic: string): Promise<void> {
  await using producer = new KafkaEventBusProducer({ ...kafkaProducerSettings(settings), codec });
  using _routes = connectRoutes(
    producer,
    signals.map((signal) => {
      const eventKeyField = signal.about.eventKeyField as KeyPath<OpenEdxPublicSignal['shape']['fields']>;
      return route(signal, { topic, eventKeyField, awaitAcceptanceMs: 10_000 });
    }),
  );
  const results = await Promise.all(
    cases.map(({ signal, data }) =>
      signal.sendEvent(recordFromJson(signal, data) as never, { unsafeIntegers: 'bigint' }),
    ),
  );
  expect(results.flat().filter(({ status }) => status !== 'fulfilled')).toEqual([]);
}

async function copy({ bootstrapServers }: KafkaServer, jobs: readonly string[]): Promise<void> {
  const script = fileURLToPath(new URL('../../python/copy_topic.py', import.meta.url));
  await promisify(execFile)(peer.python, ['-X', 'utf8', '-B', script, bootstrapServers, ...jobs]);
}

/** The data of the events of a topic, in order. */
async function receive(settings: Readonly<Record<string, string>>, topic: string): Promise<string[]> {
  const data: string[] = [];
  const done = new AbortController();
  const connections = signals.map((signal) =>
    signal.connect((event) => {
      if (!event.fromEventBus) return;
      data.push(stringify(recordToJson(signal, event.data)));
      if (data.length === cases.length) done.abort();
    }),
  );
  await using consumer = new KafkaEventBusConsumer({
    ...kafkaConsumerSettings(settings),
    topics: [topic],
    groupId: 'interop-typescript',
    startFrom: 'earliest',
    concurrency: 1,
    maxWaitMs: 100,
    codec,
  });
  await consumer.run({ abortSignal: AbortSignal.any([done.signal, AbortSignal.timeout(30_000)]) });
  for (const connection of connections) connection.disconnect();
  return data;
}

function contentOf(messages: readonly StoredMessage[], topic: string): readonly unknown[] {
  const found = messages.filter((message) => message.topic === topic);
  return found.map(({ key, value, headers }) => ({ key, value, names: headers.map(([name]) => name) }));
}
