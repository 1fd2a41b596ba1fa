import { type TopicsToLookAt, topicsToLookAt } from '@openedx-ts/events-core/bus';
import type { KafkaView } from './kafka-view.js';

/** Returns the topics that a query names, or every topic of the cluster under the prefix. */
export function kafkaTopics(
  { cluster, topicPrefix }: KafkaView,
  named: readonly string[] | undefined,
): Promise<TopicsToLookAt> {
  return topicsToLookAt(topicPrefix, named, async (start) => ({
    fullTopics: (await cluster.topicNames()).filter((fullTopic) => fullTopic.startsWith(start)),
    incomplete: undefined,
  }));
}
