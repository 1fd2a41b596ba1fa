import type { TopicStore } from '../operate/topic-store.js';
import { fields } from '../wire/header-fields.js';
import { textOf } from '../wire/header-text.js';
import type { Message } from '../wire/message.js';

/** The id or the type of a stored event, as its headers give it. */
export function headerOf(
  { wireFormat }: Pick<TopicStore, 'wireFormat'>,
  { headers }: Pick<Message, 'headers'>,
  field: 'id' | 'eventType',
): string | undefined {
  const name = fields[field][wireFormat.headerNaming];
  return textOf(headers.find(([found]) => found === name)?.[1]);
}
