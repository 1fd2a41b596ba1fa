import { fullTopicName, isDeadLetterTopic } from '@openedx-ts/events-core/bus';
import type { TopicStore } from '@openedx-ts/events-core/operate';

/** The topics of events under the bus's prefix, without prefix, sorted; those of dead letters and of the broker itself are left out. */
export async function eventTopics(store: TopicStore): Promise<readonly string[]> {
  const start = fullTopicName('', store.topicPrefix);
  return (await store.topicNames())
    .filter((name) => name.startsWith(start) && !isDeadLetterTopic(name) && !name.startsWith('__'))
    .map((name) => name.slice(start.length))
    .sort();
}

/** A full topic without the bus's prefix. */
export function withoutPrefix(store: Pick<TopicStore, 'topicPrefix'>, fullTopic: string): string {
  const start = fullTopicName('', store.topicPrefix);
  return fullTopic.startsWith(start) ? fullTopic.slice(start.length) : fullTopic;
}
