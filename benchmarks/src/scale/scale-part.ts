import { setTimeout } from 'node:timers/promises';
import { startFakeSchemaRegistry, startKafka } from '@openedx-ts/brokers';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { Part } from '../part.js';
import { measureScale } from './scale-process.js';
import { costTable, type Measured, sizeTable } from './scale-tables.js';
import type { ScaleTask } from './scale-task.js';

/** Partitions of the topics that each kind of task reads. */
const many = Array.from({ length: 500 }, (_, at) => `scale-topic-${at}`);
const fewer = Array.from({ length: 500 }, (_, at) => `scale-single-${at}`);

/** What a process costs with many partitions, topics, members and connections, on a Kafka of its own. */
export const scalePart: Part = {
  run: async () => {
    await using server = await startKafka({ own: true });
    await using registry = await startFakeSchemaRegistry();
    const { bootstrapServers } = server;
    await createTopics(bootstrapServers);
    const servers = { bootstrapServers, registryUrl: registry.url };
    const consumers = (topics: readonly string[], members: number) =>
      measureScale({ servers, kind: 'consumers', topics, members });
    const events = (events: number) =>
      measureScale({ servers, kind: 'events', topic: `events-${events}`, events });
    const producers: ScaleTask = { servers, kind: 'producers', topic: 'one', producers: 100 };
    const measured: Measured = {
      one: await consumers(['one'], 1),
      partitions: await consumers(['wide'], 1),
      topics: await consumers(fewer, 1),
      both: await consumers(many, 1),
      fewMembers: await consumers(['members'], 20),
      members: await consumers(['members'], 200),
      producers: await measureScale(producers),
      events: await events(20_000),
      tenTimes: await events(200_000),
    };
    const about = 'CPU and memory of the client alone, each task in a process of its own.';
    return [about, '', sizeTable(measured), '', costTable(measured)].join('\n');
  },
};

async function createTopics(bootstrapServers: string): Promise<void> {
  const patient = { requestTimeout: PATIENCE_MS, logLevel: logLevel.NOTHING };
  const admin = new Kafka({ brokers: [bootstrapServers], ...patient }).admin();
  await admin.connect();
  const topics = [
    ...many.map((topic) => ({ topic, numPartitions: 4 })),
    ...fewer.map((topic) => ({ topic, numPartitions: 1 })),
    { topic: 'one', numPartitions: 1 },
    { topic: 'wide', numPartitions: 500 },
    { topic: 'members', numPartitions: 200 },
    ...[20_000, 200_000].map((events) => ({ topic: `events-${events}`, numPartitions: 12 })),
  ];
  for (let at = 0; at < topics.length; at += 50) {
    await admin.createTopics({
      topics: topics.slice(at, at + 50),
      waitForLeaders: false,
      timeout: PATIENCE_MS,
    });
  }
  const deadline = performance.now() + PATIENCE_MS;
  const names = topics.map(({ topic }) => topic);
  while (!(await haveLeaders(admin, names))) {
    if (performance.now() > deadline) throw new Error(`a topic has no leader after ${PATIENCE_MS} ms`);
    await setTimeout(200);
  }
  await admin.disconnect();
}

/** A broker makes 3,000 partitions in some seconds. */
const PATIENCE_MS = 120_000;

async function haveLeaders(admin: Admin, names: readonly string[]): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
    return topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
  } catch {
    return false; // a broker that has not heard of a topic yet
  }
}
