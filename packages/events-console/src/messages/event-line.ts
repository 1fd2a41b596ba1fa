import type { EventLine } from '../answers/events-answer.js';
import { jsonText } from './json-text.js';
import type { ReadMessage } from './read-message.js';

/** A message as one line of a list. */
export function eventLine(read: ReadMessage, topic: string): EventLine {
  const { stored, eventType, id, data, problem } = read;
  const { position, lane, storedAt, message } = stored;
  const text = data === undefined ? null : jsonText(data, 0);
  return {
    topic,
    position,
    lane,
    storedAt,
    eventType,
    id,
    bytes: message.value?.length ?? 0,
    preview: text !== null && text.length > PREVIEW ? `${text.slice(0, PREVIEW)}…` : text,
    problem,
  };
}

const PREVIEW = 300;
