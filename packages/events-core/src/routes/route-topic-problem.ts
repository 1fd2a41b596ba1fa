import { isDeadLetterTopic } from '../wire/dead-letter.js';
import { topicProblem } from '../wire/topic-name.js';

/** Why no event can be routed to a topic (without prefix), or undefined. */
export function routeTopicProblem(topic: unknown): string | undefined {
  const problem = topicProblem(topic);
  if (problem !== undefined || !isDeadLetterTopic(String(topic))) return problem;
  return `${topic} is a dead-letter topic, which no consumer processes: name the topic that consumers subscribe to`;
}
