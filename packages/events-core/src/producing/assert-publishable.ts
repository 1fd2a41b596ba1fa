import { ProduceFailedError } from '../errors/bus-errors.js';
import { routeTopicProblem } from '../routes/route-topic-problem.js';
import { topicWithoutPrefix } from '../wire/topic-name.js';

/**
 * Refuses an event that was encoded before, or a bare message, for a topic (with prefix) that is no topic's name or one of
 * dead letters: no route leads there, so it comes from a row or a tool that is wrong.
 *
 * @throws ProduceFailedError
 */
export function assertPublishable(fullTopic: string, topicPrefix: string | undefined): void {
  const problem = routeTopicProblem(topicWithoutPrefix(fullTopic, topicPrefix));
  if (problem !== undefined)
    throw new ProduceFailedError(fullTopic, problem, { retryable: false, fault: 'event' });
}
