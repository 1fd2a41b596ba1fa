import { type DeadLetter, describeDeadLetter } from '../dead-letters/dead-letter-entry.js';
import type { TopicStore } from '../operate/topic-store.js';
import { groupOfDeadLetterTopic } from '../wire/dead-letter.js';
import { topicWithoutPrefix } from '../wire/topic-name.js';

/** Dead letters of which event are looked for, and where. */
export interface DeadLettersOfEvent {
  /** In upper or lower case. */
  readonly eventId: string;
  /** The topics whose queues are looked at. */
  readonly fullTopics: readonly string[];
  /** The topics of the bus. */
  readonly names: readonly string[];
  /** Looks at dead letters stored from this time on, in milliseconds since 1970. */
  readonly since: number;
  readonly abortSignal: AbortSignal | undefined;
}

/** How far the clocks of a sender, a consumer and the broker may differ, in milliseconds. */
export const AROUND_MS = 600_000;

/** The dead letters of an event on the queues of topics. */
export async function deadLettersOfEvent(
  store: TopicStore,
  { eventId, fullTopics, names, since, abortSignal }: DeadLettersOfEvent,
): Promise<readonly DeadLetter[]> {
  const wanted = eventId.toLowerCase();
  const found: DeadLetter[] = [];
  for (const fullTopic of fullTopics) {
    const topic = topicWithoutPrefix(fullTopic, store.topicPrefix);
    for (const deadLetterTopic of names) {
      const groupId = groupOfDeadLetterTopic(deadLetterTopic, fullTopic);
      if (groupId === undefined) continue;
      const queue = { topic, groupId, fullTopic, deadLetterTopic };
      for await (const page of store.read(deadLetterTopic, { since })) {
        abortSignal?.throwIfAborted();
        const described = page.map((stored) =>
          describeDeadLetter(stored, queue, store.wireFormat.headerNaming),
        );
        found.push(
          ...described.filter(
            (one) => one.eventId?.toLowerCase() === wanted && one.facts?.groupId === groupId,
          ),
        );
      }
    }
  }
  return found;
}
