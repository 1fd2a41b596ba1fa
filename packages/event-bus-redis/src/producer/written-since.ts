import type { RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { entryPages } from '../stream/entry-pages.js';

/**
 * Finds out which events Redis has written although the connection was lost before its reply. Sending them again would
 * duplicate them.
 *
 * @param since the newest entry id known from before; undefined: searches the whole stream
 * @returns entry ids by event id
 */
export async function writtenSince(
  connection: RedisConnection,
  stream: string,
  since: string | undefined,
  eventIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const from = since === undefined ? '-' : `(${since}`;
  for await (const page of entryPages((command) => connection.call(command), stream, from, '+')) {
    for (const [entryId, fields] of page) {
      const eventId = eventIdIn(fields);
      if (eventId !== undefined && eventIds.has(eventId)) found.set(eventId, String(entryId));
    }
    if (found.size >= eventIds.size) break;
  }
  return found;
}

function eventIdIn(fields: readonly RedisReply[]): string | undefined {
  for (let index = 0; index + 1 < fields.length; index += 2) {
    if (String(fields[index]) === 'id') return String(fields[index + 1]);
  }
  return undefined;
}
