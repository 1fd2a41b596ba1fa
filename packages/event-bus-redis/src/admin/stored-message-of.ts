import type { StoredMessage } from '@openedx-ts/events-core/operate';
import { entryTime } from '../stream/entry-id.js';
import { fromEntryFields } from '../stream/stream-entry.js';
import type { StreamEntry } from '../stream/stream-reply.js';

/** An entry of a stream as operators' tools see it. */
export function storedMessageOf(
  stream: string,
  { id, fields }: Pick<StreamEntry, 'id' | 'fields'>,
): StoredMessage {
  return {
    message: fromEntryFields(stream, fields),
    lane: stream,
    position: id,
    storedAt: entryTime(id),
  };
}
