import { fields } from '../wire/header-fields.js';
import type { Message } from '../wire/message.js';
import { textOfHeader } from '../wire/text-of-header.js';
import type { TopicStore } from './topic-store.js';

/** Returns the id or the type of a stored event by its headers; undefined when they do not give it. */
export function headerOf(
  { wireFormat }: Pick<TopicStore, 'wireFormat'>,
  { headers }: Pick<Message, 'headers'>,
  field: 'id' | 'eventType',
): string | undefined {
  return textOfHeader(headers, fields[field][wireFormat.headerNaming]);
}
