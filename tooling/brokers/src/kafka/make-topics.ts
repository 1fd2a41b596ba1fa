import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, ITopicConfig } from 'kafkajs';

/**
 * Makes topics and waits until a leader answers for each partition. What kafkajs offers for that (`waitForLeaders`) fails
 * when the broker that it asks has not heard of a new topic yet, and does not wait until the leader knows that it is one.
 */
export async function makeTopics(admin: TopicMaker, topics: readonly ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics: [...topics], waitForLeaders: false });
  const deadline = performance.now() + PATIENCE_MS;
  for (const { topic } of topics) {
    while (!(await answers(admin, topic))) {
      if (performance.now() > deadline)
        throw new Error(`topic ${topic} has no leader after ${PATIENCE_MS} ms`);
      await delay(10);
    }
  }
}

type TopicMaker = Pick<Admin, 'createTopics' | 'fetchTopicOffsets'>;

const PATIENCE_MS = 30_000;
const NOT_YET = new Set<unknown>([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

async function answers(admin: TopicMaker, topic: string): Promise<boolean> {
  try {
    return (await admin.fetchTopicOffsets(topic)).length > 0;
  } catch (error) {
    const { type, cause } = error as {
      readonly type?: unknown;
      readonly cause?: { readonly type?: unknown };
    };
    if (NOT_YET.has(type ?? cause?.type)) return false;
    throw error;
  }
}
