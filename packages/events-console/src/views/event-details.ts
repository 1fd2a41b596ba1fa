import { eventFates } from '@openedx-ts/events-core/operate';
import type { EventAnswer } from '../answers/event-answer.js';
import { eventLine } from '../messages/event-line.js';
import { headerLines, headerText } from '../messages/header-lines.js';
import { jsonText } from '../messages/json-text.js';
import { messageAt } from '../messages/message-at.js';
import type { MessageTools } from '../messages/message-tools.js';
import { readMessage } from '../messages/read-message.js';
import { schemasOf } from '../messages/schemas-of.js';
import { fateLine } from './fate-line.js';

/** Which event is shown. */
export interface EventQuery {
  /** Without prefix. */
  readonly topic: string;
  readonly position: string;
  readonly unmask: boolean;
  readonly abortSignal: AbortSignal;
}

/**
 * Everything about one stored event.
 *
 * @throws ConsoleError when there is none at this position: the broker may have deleted it
 * @throws InvalidOptionsError when it is no position of this bus
 */
export async function eventDetails(tools: MessageTools, query: EventQuery): Promise<EventAnswer> {
  const { topic, position, unmask, abortSignal } = query;
  const stored = await messageAt(tools, topic, position);
  const read = await readMessage(tools, stored, unmask);
  const { message } = stored;
  const [schemas, fates] = await Promise.all([
    schemasOf(tools, read),
    eventFates(tools.topics, stored, { abortSignal }),
  ]);
  const traceparent = headerText(message.headers, 'traceparent');
  return {
    ...eventLine(read, topic),
    isMasked: !unmask,
    data: read.data === undefined ? null : jsonText(read.data),
    metadata: read.metadata === undefined ? null : jsonText(read.metadata),
    headers: headerLines(message.headers, unmask, read.masked),
    keyBytes: message.key?.length ?? null,
    hex: unmask ? hexOf(message.value) : null,
    schemas,
    traceId: /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent ?? '')?.[1] ?? null,
    fates: fates.map(fateLine),
  };
}

function hexOf(value: Uint8Array | null): string | null {
  if (value === null) return null;
  return Buffer.from(value.subarray(0, MAX_HEX)).toString('hex');
}

const MAX_HEX = 4_096;
