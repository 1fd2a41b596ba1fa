import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, ITopicConfig } from 'kafkajs';

/**
 * Makes topics and waits until every partition has a leader. What kafkajs offers for that (`waitForLeaders`) fails when
 * the broker that it asks has not heard of a new topic yet, which happens on a busy machine.
 */
export async function makeTopics(
  admin: Pick<Admin, 'createTopics' | 'fetchTopicMetadata'>,
  topics: readonly ITopicConfig[],
): Promise<void> {
  await admin.createTopics({ topics: [...topics], waitForLeaders: false });
  const names = topics.map(({ topic }) => topic);
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await haveLeaders(admin, names))) {
    if (performance.now() > deadline)
      throw new Error(`no leaders after ${PATIENCE_MS} ms: ${names.join(', ')}`);
    await delay(10);
  }
}

const PATIENCE_MS = 30_000;
const NOT_YET = new Set<unknown>(['LEADER_NOT_AVAILABLE', 'UNKNOWN_TOPIC_OR_PARTITION']);

async function haveLeaders(admin: Pick<Admin, 'fetchTopicMetadata'>, names: string[]): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    return topics.every(
      ({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0),
    );
  } catch (error) {
    const { type, cause } = error as {
      readonly type?: unknown;
      readonly cause?: { readonly type?: unknown };
    };
    if (NOT_YET.has(type ?? cause?.type)) return false;
    throw error;
  }
}
