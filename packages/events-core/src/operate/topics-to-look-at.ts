import { isDeadLetterTopic } from '../wire/dead-letter.js';
import { fullTopicName } from '../wire/topic-name.js';

/** Both names of a topic. */
export interface TopicName {
  /** The name without prefix. */
  readonly topic: string;
  /** The name with prefix, which is that of the topic or stream on the broker. */
  readonly fullTopic: string;
}

/** The topics that `lag` and `diagnose` look at. */
export interface TopicsToLookAt {
  readonly topics: readonly TopicName[];
  /** The full names of the dead-letter topics under the prefix; empty when the query names topics. */
  readonly deadLetterTopics: readonly string[];
  /** Why topics may be missing; undefined when the list is complete. */
  readonly incomplete: string | undefined;
}

/** The topics of a broker. */
export interface ListedTopics {
  readonly fullTopics: readonly string[];
  /** Why topics may be missing; undefined when the list is complete. */
  readonly incomplete: string | undefined;
}

/**
 * Returns the topics that a query names, each once, or every topic under the prefix.
 *
 * @param named without prefix; undefined or empty for every topic
 * @param list lists the full names of the broker that start with a text
 */
export async function topicsToLookAt(
  topicPrefix: string | undefined,
  named: readonly string[] | undefined,
  list: (start: string) => Promise<ListedTopics>,
): Promise<TopicsToLookAt> {
  if (named !== undefined && named.length > 0) {
    const topics = [...new Set(named)].map((topic) => ({
      topic,
      fullTopic: fullTopicName(topic, topicPrefix),
    }));
    return { topics, deadLetterTopics: [], incomplete: undefined };
  }
  const start = fullTopicName('', topicPrefix);
  const { fullTopics, incomplete } = await list(start);
  return {
    topics: fullTopics
      .filter((fullTopic) => !isDeadLetterTopic(fullTopic))
      .map((fullTopic) => ({ topic: fullTopic.slice(start.length), fullTopic })),
    deadLetterTopics: fullTopics.filter(isDeadLetterTopic),
    incomplete,
  };
}
