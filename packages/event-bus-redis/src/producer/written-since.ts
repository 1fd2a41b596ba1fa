import type { RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';

const PAGE = 1_000;

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
  let from = since === undefined ? '-' : `(${since}`;
  while (found.size < eventIds.size) {
    const reply = await connection.call(['XRANGE', stream, from, '+', 'COUNT', String(PAGE)]);
    const entries = reply as readonly (readonly [Buffer, readonly Buffer[]])[];
    for (const [entryId, fields] of entries) {
      const eventId = eventIdIn(fields);
      if (eventId !== undefined && eventIds.has(eventId)) found.set(eventId, entryId.toString());
    }
    const last = entries.at(-1);
    if (entries.length < PAGE || last === undefined) break;
    from = `(${last[0].toString()}`;
  }
  return found;
}

function eventIdIn(fields: readonly RedisReply[]): string | undefined {
  for (let index = 0; index + 1 < fields.length; index += 2) {
    if (String(fields[index]) === 'id') return String(fields[index + 1]);
  }
  return undefined;
}
