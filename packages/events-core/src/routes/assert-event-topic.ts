import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { routeTopicProblem } from './route-topic-problem.js';

/**
 * Refuses to send events to a topic (without prefix) that has no valid name, or is a dead-letter topic. Called for every
 * event that is sent.
 *
 * @throws ProducerConfigurationError
 */
export function assertEventTopic(eventType: string, topic: string): void {
  const message = routeTopicProblem(topic);
  if (message === undefined) return;
  throw new ProducerConfigurationError([{ path: `${eventType} → ${topic}`, message }]);
}
