import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { deadLetterTopic } from '../wire/dead-letter.js';
import type { ResolvedConsumerOptions } from './types/consumer-options.js';

/**
 * Refuses the topics of a group's own dead letters: it would dead-letter the same events again and again, each time to a
 * topic with a longer name.
 *
 * @throws InvalidOptionsError that names those topics
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
      message: `${topic} holds this group's own dead letters: redrive them (openedx-events dlq redrive), or consume them with another group`,
    }));
  if (issues.length > 0) throw new InvalidOptionsError(`consumer of group ${groupId}`, issues);
}
