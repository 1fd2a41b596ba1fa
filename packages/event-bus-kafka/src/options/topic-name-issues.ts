import type { ConsumerOptions, Issue } from '@openedx-ts/events-core';
import { deadLetterTopic, fullTopicName } from '@openedx-ts/events-core/bus';
import { kafkaTopicProblem } from './kafka-topic-problem.js';

/**
 * Issues of a consumer's topics, and of the dead-letter topics whose names contain the group id: without this check a
 * consumer would work until its first dead letter. Options of a wrong type are left to their own rules.
 */
export function topicNameIssues(given: Partial<ConsumerOptions>): readonly Issue[] {
  const { topics, groupId, topicPrefix } = given;
  if (!Array.isArray(topics) || (topicPrefix !== undefined && typeof topicPrefix !== 'string')) return [];
  const named: readonly string[] = topics.filter((topic) => typeof topic === 'string' && topic !== '');
  const fullTopics = named.map((topic) => fullTopicName(topic, topicPrefix));
  const issues = fullTopics.flatMap((fullTopic): Issue[] => {
    const problem = kafkaTopicProblem(fullTopic);
    return problem === undefined ? [] : [{ path: 'topics', message: `${quoted(fullTopic)}: ${problem}` }];
  });
  if (typeof groupId !== 'string' || groupId === '' || !makesDeadLetters(given)) return issues;
  const legal = fullTopics.filter((fullTopic) => kafkaTopicProblem(fullTopic) === undefined);
  const longest = legal.reduce((one, other) => (other.length > one.length ? other : one), '');
  const problem = kafkaTopicProblem(deadLetterTopic(longest, groupId));
  if (problem === undefined) return issues;
  const message =
    `${quoted(groupId)} cannot be part of the dead-letter topic <topic>.<group>.dlq: ${problem}; choose another ` +
    "group id (a new group starts at startFrom), or make no dead letters (onFailure: 'drop' or 'stop')";
  return [...issues, { path: 'groupId', message }];
}

/** Whether the policies of the options ask for dead letters. */
function makesDeadLetters({ onFailure, unknownType, policies }: Partial<ConsumerOptions>): boolean {
  if (onFailure === undefined || onFailure === 'dead-letter' || unknownType === 'dead-letter') return true;
  if (typeof policies !== 'object' || policies === null) return false;
  return Object.values(policies).some((policy) => policy?.onFailure === 'dead-letter');
}

/** Cut, since it may be long, and with control characters escaped. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
