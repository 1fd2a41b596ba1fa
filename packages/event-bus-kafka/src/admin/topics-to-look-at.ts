import { fullTopicName, isDeadLetterTopic } from '@openedx-ts/events-core/bus';
import type { KafkaView } from './kafka-view.js';

/** A topic under both its names. */
export interface TopicName {
  /** Without prefix. */
  readonly topic: string;
  readonly fullTopic: string;
}

/** What there is to look at. */
export interface TopicsToLookAt {
  readonly topics: readonly TopicName[];
  /** The topics of dead letters that were met; those of topics that were named are not looked for. */
  readonly deadLetterTopics: readonly string[];
}

/** The topics that were named, or every topic under the prefix. */
export async function topicsToLookAt(
  { cluster, topicPrefix }: KafkaView,
  named: readonly string[] | undefined,
): Promise<TopicsToLookAt> {
  if (named !== undefined && named.length > 0) {
    const topics = [...new Set(named)].map((topic) => ({
      topic,
      fullTopic: fullTopicName(topic, topicPrefix),
    }));
    return { topics, deadLetterTopics: [] };
  }
  const start = topicPrefix ? `${topicPrefix}-` : '';
  const names = (await cluster.topicNames()).filter((name) => name.startsWith(start));
  return {
    topics: names
      .filter((name) => !isDeadLetterTopic(name))
      .map((name) => ({ topic: name.slice(start.length), fullTopic: name })),
    deadLetterTopics: names.filter(isDeadLetterTopic),
  };
}
