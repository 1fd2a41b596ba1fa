import type { DeadLetter } from '../dead-letters/dead-letter-entry.js';
import { headerOf } from '../operate/header-of.js';
import type { StoredMessage } from '../operate/stored-message.js';
import type { GroupFate, TopicStore } from '../operate/topic-store.js';
import { AROUND_MS, deadLettersOfEvent } from './dead-letters-of-event.js';
import { timeOfEventId } from './time-of-event-id.js';

/** What became of an event in a group. */
export interface EventFate extends GroupFate {
  /** The dead letter that the group made of it; undefined for none that is still there. */
  readonly deadLetter: DeadLetter | undefined;
}

/**
 * What became of a stored message in every group, sorted by group. Dead letters are looked for from ten minutes before the
 * message was stored, because the clocks of senders and consumers differ; not where neither the broker nor the id of the event
 * gives a time.
 *
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function eventFates(
  store: TopicStore,
  stored: StoredMessage,
  { abortSignal }: { readonly abortSignal?: AbortSignal } = {},
): Promise<readonly EventFate[]> {
  const { message, storedAt } = stored;
  const eventId = headerOf(store, message, 'id');
  const time = storedAt ?? (eventId === undefined ? undefined : timeOfEventId(eventId));
  if (eventId === undefined || time === undefined) return fatesWith(store, stored, []);
  const deadLetters = await deadLettersOfEvent(store, {
    ...{ eventId, fullTopics: [message.topic], names: await store.topicNames() },
    ...{ since: Math.max(0, time - AROUND_MS), abortSignal },
  });
  return fatesWith(store, stored, deadLetters);
}

/** What became of a stored message in every group, given the dead letters of its event. */
export async function fatesWith(
  store: TopicStore,
  { message, position }: StoredMessage,
  deadLetters: readonly DeadLetter[],
): Promise<readonly EventFate[]> {
  const source = `${message.topic}@${position}`;
  const own = new Map(
    deadLetters
      .filter(({ facts }) => facts?.source === source)
      .map((one) => [one.facts?.groupId ?? '', one] as const),
  );
  const known = await store.fateOf(message.topic, position);
  const gone = [...own.keys()].filter((groupId) => !known.some((fate) => fate.groupId === groupId));
  const fates = [
    ...known,
    ...gone.map((groupId): GroupFate => ({ groupId, state: 'passed', deliveries: null })),
  ];
  return fates.map((fate) => ({ ...fate, deadLetter: own.get(fate.groupId) }));
}
