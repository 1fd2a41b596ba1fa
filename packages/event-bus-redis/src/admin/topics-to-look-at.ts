import { fullTopicName, isDeadLetterTopic } from '@openedx-ts/events-core/bus';
import { findStreams, literalPattern } from './find-streams.js';
import type { RedisView } from './redis-view.js';

/** Both names of a topic. */
export interface TopicName {
  /** The name without prefix. */
  readonly topic: string;
  /** The name with prefix, which is the key of the stream. */
  readonly fullTopic: string;
}

/** The topics that `lag` and `diagnose` look at. */
export interface TopicsToLookAt {
  readonly topics: readonly TopicName[];
  /** The topics of dead letters under the prefix; empty when the query names topics. */
  readonly deadLetterTopics: readonly string[];
  /** Why topics may be missing; undefined when the list is complete. */
  readonly incomplete: string | undefined;
}

/** The topics that the query names, or every stream under the prefix. */
export async function topicsToLookAt(
  { ask, topicPrefix }: RedisView,
  named: readonly string[] | undefined,
): Promise<TopicsToLookAt> {
  if (named !== undefined && named.length > 0) {
    const topics = named.map((topic) => ({ topic, fullTopic: fullTopicName(topic, topicPrefix) }));
    return { topics, deadLetterTopics: [], incomplete: undefined };
  }
  const start = fullTopicName('', topicPrefix);
  const { streams, incomplete } = await findStreams(ask, `${literalPattern(start)}*`);
  return {
    topics: streams
      .filter((stream) => !isDeadLetterTopic(stream))
      .map((fullTopic) => ({ topic: fullTopic.slice(start.length), fullTopic })),
    deadLetterTopics: streams.filter(isDeadLetterTopic),
    incomplete,
  };
}
