import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { isDeadLetterTopic } from '../wire/dead-letter.js';
import { routeTopicProblem } from './route-topic-problem.js';

/**
 * Refuses to send events to a topic of dead letters. Called for every event that is sent: it only checks the end of the name.
 *
 * @throws ProducerConfigurationError
 */
export function assertNotDeadLetterTopic(eventType: string, topic: string): void {
  if (!isDeadLetterTopic(topic)) return;
  const message = routeTopicProblem(topic) ?? 'is no topic for events';
  throw new ProducerConfigurationError([{ path: `${eventType} → ${topic}`, message }]);
}
