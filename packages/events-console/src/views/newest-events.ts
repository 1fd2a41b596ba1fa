import { fullTopicName } from '@openedx-ts/events-core/bus';
import type { EventLine, EventsAnswer } from '../answers/events-answer.js';
import { type EventFilter, isFiltering, isWanted } from '../messages/event-filter.js';
import { eventLine } from '../messages/event-line.js';
import type { MessageTools } from '../messages/message-tools.js';
import { readMessage } from '../messages/read-message.js';
import { topicBrowserOf } from './topic-browser-of.js';

/** Which events of a topic are shown. */
export interface NewestEventsQuery {
  /** Without prefix. */
  readonly topic: string;
  readonly filter: EventFilter;
  readonly count: number;
  /** Of an earlier answer. */
  readonly before: string | undefined;
  readonly unmask: boolean;
  readonly abortSignal: AbortSignal;
}

/**
 * The newest events of a topic that meet the filter, the newest first. It looks at no more than 5,000 events: `before` of the
 * answer goes on.
 */
export async function newestEvents(tools: MessageTools, query: NewestEventsQuery): Promise<EventsAnswer> {
  const { topic, filter, count, unmask, abortSignal } = query;
  const browser = topicBrowserOf(tools.topics);
  const fullTopic = fullTopicName(topic, tools.topics.topicPrefix);
  const events: EventLine[] = [];
  let [looked, before] = [0, query.before];
  do {
    abortSignal.throwIfAborted();
    // Exactly so many that none is left over: a cursor stands between pages only.
    const page = await browser.newest(fullTopic, { count: count - events.length, before });
    const read = await Promise.all(page.messages.map((stored) => readMessage(tools, stored, unmask)));
    events.push(...read.filter((one) => isWanted(one, filter)).map((one) => eventLine(one, topic)));
    looked += page.messages.length;
    before = page.before;
  } while (isFiltering(filter) && before !== undefined && events.length < count && looked < MAX_LOOKED);
  return { events, before: before ?? null, looked };
}

const MAX_LOOKED = 5_000;
