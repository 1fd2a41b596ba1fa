import { deadLetterTopic } from '../wire/dead-letter.js';
import type { Finding } from './event-bus-admin.js';
import { warningFinding } from './findings.js';

/** A group of a topic, whose dead letters have a topic of their own, or should. */
export interface DeadLetterOwner {
  /** With prefix. */
  readonly fullTopic: string;
  readonly groupId: string;
}

/**
 * Warns of groups whose dead letters are stored on the same topic, because topic and group id are joined by a dot: those
 * of topic `orders` and group `eu.mail` beside those of topic `orders.eu` and group `mail`.
 */
export function sharedDeadLetterFindings(owners: readonly DeadLetterOwner[]): readonly Finding[] {
  const ownersOf = new Map<string, string[]>();
  for (const { fullTopic, groupId } of owners) {
    const name = deadLetterTopic(fullTopic, groupId);
    ownersOf.set(name, [...(ownersOf.get(name) ?? []), `group ${groupId} of topic ${fullTopic}`]);
  }
  return [...ownersOf]
    .filter(([, names]) => names.length > 1)
    .map(([name, names]) =>
      warningFinding(
        `dead letters ${name}`,
        `it holds the dead letters of more than one group: ${names.join(', ')}`,
        'openedx-events dlq tells them apart by their headers, but whoever deletes the topic deletes both: rename a group or topic',
      ),
    );
}
