import type { DeadLetter } from '../dead-letters/dead-letter-entry.js';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { headerOf } from '../operate/header-of.js';
import type { StoredMessage } from '../operate/stored-message.js';
import type { ReadBounds, TopicStore } from '../operate/topic-store.js';
import { isDeadLetterTopic } from '../wire/dead-letter.js';
import { fullTopicName, topicWithoutPrefix } from '../wire/topic-name.js';
import { AROUND_MS, deadLettersOfEvent } from './dead-letters-of-event.js';
import { type EventFate, fatesWith } from './event-fates.js';
import { timeOfEventId } from './time-of-event-id.js';

/** Which event is looked for, and where. */
export interface EventSearch {
  readonly eventId: string;
  /** Without prefix. @defaultValue every topic of events under the prefix */
  readonly topics?: readonly string[];
  /**
   * Looks at messages stored from this time on, in milliseconds since 1970.
   *
   * @defaultValue around the time in the id, see `findEvent`; needed for ids that hold none
   */
  readonly since?: number;
  /**
   * Looks at messages stored until this time.
   *
   * @defaultValue around the time in the id, see `findEvent`; else to the end
   */
  readonly until?: number;
  /** Goes on behind the place where an earlier search stopped (`stoppedAt`). */
  readonly after?: SearchedPlace;
  /** Stops after so many messages. @defaultValue 1,000,000 */
  readonly maxMessages?: number;
  /** Called after each page with the number of messages looked at. */
  readonly onProgress?: (messages: number) => void;
  /** Ends the search; it then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** A place up to which a search has come. */
export interface SearchedPlace {
  /** Without prefix. */
  readonly topic: string;
  readonly position: string;
}

/** Where an event is, and what became of it. */
export interface EventWhereabouts {
  /** Each message with that id: an event that was sent twice is in two places. */
  readonly places: readonly EventPlace[];
  /** Dead letters of it whose source is not among the places: the broker may have deleted it. */
  readonly strayDeadLetters: readonly DeadLetter[];
  /** The topics that were looked at, without prefix. */
  readonly topics: readonly string[];
  /** The number of messages that were looked at. */
  readonly messages: number;
  /** Where the search stopped because of `maxMessages`; undefined when it has come to the end. */
  readonly stoppedAt: SearchedPlace | undefined;
}

/** A message in a topic, and what became of it. */
export interface EventPlace extends SearchedPlace {
  /** When the broker stored it, in milliseconds since 1970; null when the broker does not report it. */
  readonly storedAt: number | null;
  /** Null when no header gives it. */
  readonly eventType: string | null;
  /** Sorted by group. */
  readonly fates: readonly EventFate[];
}

/**
 * Finds an event by its id, and what became of it in every group. Nothing is changed. By default it looks at messages that
 * were stored from ten seconds before the time that the id holds to a minute after it; if none of them is the event, at those
 * within ten minutes of it; and then at all that were stored later, as by the relay of an outbox after an outage. So an event
 * that was sent again much later is found in its first place only, unless `since` is set.
 *
 * @throws InvalidOptionsError when the id holds no time and `since` is missing, or `after` names no position of this bus
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function findEvent(store: TopicStore, search: EventSearch): Promise<EventWhereabouts> {
  const names = await store.topicNames();
  const start = fullTopicName('', store.topicPrefix);
  const fullTopics = (
    search.topics?.map((topic) => fullTopicName(topic, store.topicPrefix)) ??
    names.filter((name) => name.startsWith(start) && !isDeadLetterTopic(name))
  ).toSorted();
  const finder = new EventFinder(store, search);
  const found = await finder.search(fullTopics);
  const { eventId, abortSignal } = search;
  const where = { fullTopics, names, since: finder.deadLettersSince };
  const deadLetters = await deadLettersOfEvent(store, { eventId, abortSignal, ...where });
  const places = await Promise.all(found.map((stored) => placeOf(store, stored, deadLetters)));
  const sources = new Set(found.map(({ message, position }) => `${message.topic}@${position}`));
  return {
    places,
    strayDeadLetters: deadLetters.filter(({ facts }) => !sources.has(facts?.source ?? '')),
    topics: fullTopics.map((name) => topicWithoutPrefix(name, store.topicPrefix)),
    messages: finder.messages,
    stoppedAt: finder.stoppedAt,
  };
}

class EventFinder {
  messages = 0;
  stoppedAt: SearchedPlace | undefined;
  readonly deadLettersSince: number;
  /** Where to look, one after another until it is found. */
  readonly #bounds: readonly ReadBounds[];
  readonly #store: TopicStore;
  readonly #search: EventSearch;

  constructor(store: TopicStore, search: EventSearch) {
    const time = timeOfEventId(search.eventId);
    const since = search.since ?? (time === undefined ? undefined : time - AROUND_MS);
    if (since === undefined) {
      const message = `the id ${search.eventId} holds no time: state since when to look`;
      throw new InvalidOptionsError('search of an event', [{ path: 'since', message }]);
    }
    const first = Math.max(0, since);
    this.deadLettersSince = search.since === undefined ? first : Math.max(0, first - AROUND_MS);
    const { until } = search;
    const isAround = search.since === undefined && until === undefined && search.after === undefined;
    this.#bounds = time === undefined || !isAround ? [boundsOf(first, until)] : boundsAround(time, first);
    this.#store = store;
    this.#search = search;
  }

  async search(fullTopics: readonly string[]): Promise<readonly StoredMessage[]> {
    for (const bounds of this.#bounds) {
      const found = await this.#searchTopics(fullTopics, bounds);
      if (found.length > 0 || this.stoppedAt !== undefined) return found;
    }
    return [];
  }

  async #searchTopics(fullTopics: readonly string[], bounds: ReadBounds): Promise<readonly StoredMessage[]> {
    const { after } = this.#search;
    const first = after === undefined ? '' : fullTopicName(after.topic, this.#store.topicPrefix);
    const found: StoredMessage[] = [];
    for (const fullTopic of fullTopics) {
      if (fullTopic < first || this.stoppedAt !== undefined) continue;
      const isLater = after === undefined || fullTopic > first;
      const ofTopic = isLater ? bounds : { ...bounds, after: after.position };
      found.push(...(await this.#searchTopic(fullTopic, ofTopic)));
    }
    return found;
  }

  async #searchTopic(fullTopic: string, bounds: ReadBounds): Promise<readonly StoredMessage[]> {
    const { eventId, maxMessages = MAX_MESSAGES, onProgress, abortSignal } = this.#search;
    const wanted = eventId.toLowerCase();
    const found: StoredMessage[] = [];
    for await (const page of this.#store.read(fullTopic, bounds)) {
      abortSignal?.throwIfAborted();
      found.push(
        ...page.filter(({ message }) => headerOf(this.#store, message, 'id')?.toLowerCase() === wanted),
      );
      this.messages += page.length;
      onProgress?.(this.messages);
      const last = page.at(-1);
      if (this.messages < maxMessages || last === undefined) continue;
      this.stoppedAt = {
        topic: topicWithoutPrefix(fullTopic, this.#store.topicPrefix),
        position: last.position,
      };
      return found;
    }
    return found;
  }
}

function boundsOf(since: number, until?: number): ReadBounds {
  return until === undefined ? { since } : { since, until };
}

/** Close to the time first: a busy topic stores hundreds of thousands of messages in twenty minutes. */
function boundsAround(time: number, since: number): readonly ReadBounds[] {
  const [first, last] = [Math.max(since, time - CLOSE_BEFORE_MS), time + CLOSE_AFTER_MS];
  return [
    boundsOf(first, last),
    boundsOf(since, first - 1),
    boundsOf(last + 1, time + AROUND_MS),
    boundsOf(time + AROUND_MS + 1),
  ].filter(({ since: from = 0, until = from }) => from <= until);
}

const CLOSE_BEFORE_MS = 10_000;
const CLOSE_AFTER_MS = 60_000;
const MAX_MESSAGES = 1_000_000;

async function placeOf(
  store: TopicStore,
  stored: StoredMessage,
  deadLetters: readonly DeadLetter[],
): Promise<EventPlace> {
  const { message, position, storedAt } = stored;
  return {
    topic: topicWithoutPrefix(message.topic, store.topicPrefix),
    position,
    storedAt,
    eventType: headerOf(store, message, 'eventType') || null,
    fates: await fatesWith(store, stored, deadLetters),
  };
}
