import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { BrokerStock } from './bus-under-test.js';

/**
 * Asks Kafka as an operator, over a connection that is closed afterwards; again while leaders and coordinators move, which
 * kafkajs does not do for every request.
 */
export async function askKafkaUnderTest<Answer>(
  bootstrapServers: string,
  question: (admin: Admin) => Promise<Answer>,
): Promise<Answer> {
  for (let triesLeft = TRIES; ; triesLeft -= 1) {
    try {
      return await askOnce(bootstrapServers, question);
    } catch (error) {
      const { retriable } = error as { readonly retriable?: unknown };
      if (retriable !== true || triesLeft <= 1) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

async function askOnce<Answer>(
  bootstrapServers: string,
  question: (admin: Admin) => Promise<Answer>,
): Promise<Answer> {
  const retry = { initialRetryTime: 50, retries: 20, maxRetryTime: 500 };
  const brokers = bootstrapServers.split(',');
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry }).admin();
  await admin.connect();
  try {
    return await question(admin);
  } finally {
    await admin.disconnect();
  }
}

/** What Kafka reports about a topic and a group. */
export async function kafkaStockOf(admin: Admin, topic: string, groupId: string): Promise<BrokerStock> {
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

/** Deletes all topics but Kafka's own. */
export async function deleteKafkaTopics(admin: Admin): Promise<void> {
  const topics = await admin.listTopics();
  await admin.deleteTopics({ topics: topics.filter((topic) => !topic.startsWith('__')) });
}

const TRIES = 20;
const PAUSE_MS = 500;
