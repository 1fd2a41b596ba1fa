import { type TopicsToLookAt, topicsToLookAt } from '@openedx-ts/events-core/bus';
import { findStreams, literalPattern } from './find-streams.js';
import type { RedisView } from './redis-view.js';

/** Returns the topics that a query names, or every stream under the prefix. */
export function redisTopics(
  { connection, topicPrefix }: RedisView,
  named: readonly string[] | undefined,
): Promise<TopicsToLookAt> {
  return topicsToLookAt(topicPrefix, named, async (start) => {
    const { streams, incomplete } = await findStreams(connection, `${literalPattern(start)}*`);
    return { fullTopics: streams, incomplete };
  });
}
