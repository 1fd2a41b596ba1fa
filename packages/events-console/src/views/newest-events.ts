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
  const readPage = async (size: number, from: string | undefined) => {
    const page = await browser.newest(fullTopic, { count: size, before: from });
    const read = await Promise.all(page.messages.map((stored) => readMessage(tools, stored, unmask)));
    return { read, wanted: read.filter((one) => isWanted(one, filter)), before: page.before, end: page.end };
  };
  const events: EventLine[] = [];
  let [looked, before] = [0, query.before];
  let end: string | undefined;
  do {
    abortSignal.throwIfAborted();
    const missing = count - events.length;
    // Where no cursor holds the place, other messages may have arrived when it is read again.
    const size = before === undefined || !isFiltering(filter) ? missing : Math.max(missing, PAGE);
    let page = await readPage(size, before);
    end ??= page.end;
    const surplus = page.wanted[missing];
    // Read again without what is left over: a cursor stands between pages only.
    if (surplus !== undefined) page = await readPage(page.read.indexOf(surplus), before);
    events.push(...page.wanted.map((one) => eventLine(one, topic)));
    looked += page.read.length;
    before = page.before;
  } while (isFiltering(filter) && before !== undefined && events.length < count && looked < MAX_LOOKED);
  return { events, before: before ?? null, end, looked };
}

const MAX_LOOKED = 5_000;
/** How many events are looked at together where few of them meet the filter. */
const PAGE = 200;
