import { fullTopicName, groupOfDeadLetterTopic, isDeadLetterTopic } from '@openedx-ts/events-core/bus';
import type { DeadLetterQueue, TopicStore } from '@openedx-ts/events-core/operate';

/**
 * Returns the topics of a bus that hold events, without prefix, sorted: those under its prefix, without dead-letter topics
 * and the broker's own. Where there is no prefix, topics of other programs are among them, whatever their names.
 *
 * @param names as the bus lists them
 */
export function eventTopics(
  { topicPrefix }: Pick<TopicStore, 'topicPrefix'>,
  names: readonly string[],
): readonly string[] {
  const start = fullTopicName('', topicPrefix);
  return names
    .filter((name) => name.startsWith(start) && !isDeadLetterTopic(name) && !name.startsWith('__'))
    .map((name) => name.slice(start.length))
    .sort();
}

/** Returns the dead-letter queues that these topics (without prefix) have among the topics of the bus. */
export function queuesOf(
  { topicPrefix }: Pick<TopicStore, 'topicPrefix'>,
  topics: readonly string[],
  names: readonly string[],
): readonly DeadLetterQueue[] {
  const deadLetterTopics = names.filter(isDeadLetterTopic);
  return topics.flatMap((topic) => {
    const fullTopic = fullTopicName(topic, topicPrefix);
    return deadLetterTopics.flatMap((deadLetterTopic): DeadLetterQueue[] => {
      const groupId = groupOfDeadLetterTopic(deadLetterTopic, fullTopic);
      return groupId === undefined ? [] : [{ topic, groupId, fullTopic, deadLetterTopic }];
    });
  });
}

/** A full topic without the bus's prefix. */
export function withoutPrefix(store: Pick<TopicStore, 'topicPrefix'>, fullTopic: string): string {
  const start = fullTopicName('', store.topicPrefix);
  return fullTopic.startsWith(start) ? fullTopic.slice(start.length) : fullTopic;
}
