import { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { TopicStore } from '../operate/topic-store.js';
import { deadLetterTopic, groupOfDeadLetterTopic, isDeadLetterTopic } from '../wire/dead-letter.js';
import { fullTopicName, topicProblem } from '../wire/topic-name.js';

/** The dead letters of a group and topic: their topic, and the topic they came from. */
export interface DeadLetterQueue {
  /** Without prefix. */
  readonly topic: string;
  readonly groupId: string;
  /** The topic with its prefix: where dead letters are sent again. */
  readonly fullTopic: string;
  /** `<full topic>.<group>.dlq` */
  readonly deadLetterTopic: string;
}

/**
 * Returns the queue of a group and topic, whether its topic exists or not.
 *
 * @throws InvalidOptionsError when the topic is no valid name, or is itself a dead-letter topic
 */
export function deadLetterQueue(
  { topicPrefix }: Pick<TopicStore, 'topicPrefix'>,
  { topic, groupId }: { readonly topic: string; readonly groupId: string },
): DeadLetterQueue {
  const issues = [{ path: 'topic', message: topicProblem(topic) ?? sourceProblem(topic) }];
  if (groupId === '') issues.push({ path: 'groupId', message: 'must be a text that is not empty' });
  const found = issues.flatMap(({ path, message }) => (message === undefined ? [] : [{ path, message }]));
  if (found.length > 0) throw new InvalidOptionsError('dead letters', found);
  const fullTopic = fullTopicName(topic, topicPrefix);
  return { topic, groupId, fullTopic, deadLetterTopic: deadLetterTopic(fullTopic, groupId) };
}

/**
 * Returns the existing queues of a topic, sorted by group.
 *
 * @throws InvalidOptionsError as `deadLetterQueue` does
 */
export async function findDeadLetterQueues(
  store: TopicStore,
  topic: string,
): Promise<readonly DeadLetterQueue[]> {
  const { fullTopic } = deadLetterQueue(store, { topic, groupId: 'any' });
  return (await store.topicNames())
    .map((name) => groupOfDeadLetterTopic(name, fullTopic))
    .filter((groupId) => groupId !== undefined)
    .sort()
    .map((groupId) => deadLetterQueue(store, { topic, groupId }));
}

function sourceProblem(topic: string): string | undefined {
  if (!isDeadLetterTopic(topic)) return undefined;
  return `${topic} is a dead-letter topic: name the topic that its dead letters came from, and the group`;
}
