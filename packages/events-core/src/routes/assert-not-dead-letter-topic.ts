import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { isDeadLetterTopic } from '../wire/dead-letter.js';
import { routeTopicProblem } from './route-topic-problem.js';

/**
 * Asked of every event that is sent, so it looks at nothing but the end of the name.
 *
 * @throws ProducerConfigurationError
 */
export function assertNotDeadLetterTopic(eventType: string, topic: string): void {
  if (!isDeadLetterTopic(topic)) return;
  const message = routeTopicProblem(topic) ?? 'is no topic for events';
  throw new ProducerConfigurationError([{ path: `${eventType} → ${topic}`, message }]);
}
