import { fullTopicName } from '@openedx-ts/events-core/bus';
import type { EventLine } from '../answers/events-answer.js';
import { type EventFilter, isWanted } from '../messages/event-filter.js';
import { eventLine } from '../messages/event-line.js';
import type { MessageTools } from '../messages/message-tools.js';
import { readMessage } from '../messages/read-message.js';
import { topicBrowserOf } from './topic-browser-of.js';

/** Which events are followed. */
export interface LiveEventsQuery {
  /** Without prefix. */
  readonly topic: string;
  readonly filter: EventFilter;
  /** The `end` of an answer; undefined for the end of the topic. */
  readonly from: string | undefined;
  readonly unmask: boolean;
  readonly abortSignal: AbortSignal;
}

/**
 * The events of a topic as they arrive, at most a hundred at a time, the newest last; the next are read when they are asked
 * for.
 */
export async function* liveEvents(
  tools: MessageTools,
  { topic, filter, from, unmask, abortSignal }: LiveEventsQuery,
): AsyncGenerator<readonly EventLine[]> {
  const browser = topicBrowserOf(tools.topics);
  const fullTopic = fullTopicName(topic, tools.topics.topicPrefix);
  for await (const { messages } of browser.follow(fullTopic, { from, abortSignal }))
    for (let start = 0; start < messages.length; start += CHUNK) {
      const chunk = messages.slice(start, start + CHUNK);
      const read = await Promise.all(chunk.map((stored) => readMessage(tools, stored, unmask)));
      const lines = read.filter((one) => isWanted(one, filter)).map((one) => eventLine(one, topic));
      if (lines.length > 0) yield lines;
    }
}

const CHUNK = 100;
