import { ProduceFailedError } from '../errors/bus-errors.js';
import { routeTopicProblem } from '../routes/route-topic-problem.js';
import { topicWithoutPrefix } from '../wire/topic-name.js';

/**
 * Refuses an event that was encoded before, or a bare message, for a topic (with prefix) that has no valid name or is a
 * dead-letter topic: no route leads there, so the row or the tool that it comes from is wrong.
 *
 * @throws ProduceFailedError
 */
export function assertPublishable(fullTopic: string, topicPrefix: string | undefined): void {
  const problem = routeTopicProblem(topicWithoutPrefix(fullTopic, topicPrefix));
  if (problem !== undefined)
    throw new ProduceFailedError(fullTopic, problem, { retryable: false, fault: 'event' });
}
