import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { deadLetterTopic } from '../wire/dead-letter.js';
import type { ResolvedConsumerOptions } from './contract/consumer-options.js';

/**
 * A group that takes the topic of its own dead letters would give up the same events for ever, each time under a longer
 * name.
 *
 * @throws InvalidOptionsError naming those topics
 */
export function assertNotOwnDeadLetters({
  topics,
  groupId,
}: Pick<ResolvedConsumerOptions, 'topics' | 'groupId'>): void {
  const end = deadLetterTopic('', groupId);
  const issues = topics
    .filter((topic) => topic.endsWith(end))
    .map((topic) => ({
      path: 'topics',
      message: `${topic} is where this group's own dead letters go: send them again (openedx-events dlq redrive), or read them with another group`,
    }));
  if (issues.length > 0) throw new InvalidOptionsError(`consumer of group ${groupId}`, issues);
}
