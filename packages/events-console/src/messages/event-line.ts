import type { EventLine } from '../answers/events-answer.js';
import { previewOf } from './preview-of.js';
import type { ReadMessage } from './read-message.js';
import { shownText } from './shown-text.js';

/** A message as one line of a list. */
export function eventLine(read: ReadMessage, topic: string): EventLine {
  const { stored, eventType, id, data, problem } = read;
  const { position, lane, storedAt, message } = stored;
  const bytes = message.value?.length ?? 0;
  const preview = data === undefined ? null : shownText(previewOf(data));
  return { topic, position, lane, storedAt, eventType, id, bytes, preview, problem };
}
