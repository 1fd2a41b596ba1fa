import { fullTopicName, isDeadLetterTopic } from '@openedx-ts/events-core/bus';
import { findStreams, literalPattern } from './find-streams.js';
import type { RedisView } from './redis-view.js';

/** A topic and its stream. */
export interface TopicStream {
  /** Without prefix. */
  readonly topic: string;
  readonly stream: string;
}

/** What there is to look at. */
export interface TopicsToLookAt {
  readonly topics: readonly TopicStream[];
  /** The streams of dead letters that were met; those of topics that were named are not looked for. */
  readonly deadLetterStreams: readonly string[];
  /** Why topics may be missing; undefined when these are all. */
  readonly incomplete: string | undefined;
}

/** The topics that were named, or every stream under the prefix. */
export async function topicsToLookAt(
  { ask, topicPrefix }: RedisView,
  named: readonly string[] | undefined,
): Promise<TopicsToLookAt> {
  if (named !== undefined && named.length > 0) {
    const topics = named.map((topic) => ({ topic, stream: fullTopicName(topic, topicPrefix) }));
    return { topics, deadLetterStreams: [], incomplete: undefined };
  }
  const start = topicPrefix ? `${topicPrefix}-` : '';
  const { streams, incomplete } = await findStreams(ask, `${literalPattern(start)}*`);
  return {
    topics: streams
      .filter((stream) => !isDeadLetterTopic(stream))
      .map((stream) => ({ topic: stream.slice(start.length), stream })),
    deadLetterStreams: streams.filter(isDeadLetterTopic),
    incomplete,
  };
}
