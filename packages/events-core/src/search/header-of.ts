import type { TopicStore } from '../operate/topic-store.js';
import { fields } from '../wire/header-fields.js';
import type { Message } from '../wire/message.js';
import { textOfHeader } from '../wire/text-of-header.js';

/** The id or the type of a stored event, as its headers give it. */
export function headerOf(
  { wireFormat }: Pick<TopicStore, 'wireFormat'>,
  { headers }: Pick<Message, 'headers'>,
  field: 'id' | 'eventType',
): string | undefined {
  return textOfHeader(headers, fields[field][wireFormat.headerNaming]);
}
