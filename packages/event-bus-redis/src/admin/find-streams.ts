import type { RedisConnection } from '../driver/redis-connection.js';
import { RedisReplyError } from '../driver/redis-reply-error.js';

/** Maximum number of `SCAN` calls. */
const MAX_ROUNDS = 1_000;

/** The streams of a bus. */
export interface FoundStreams {
  /** Sorted. */
  readonly streams: readonly string[];
  /** Why streams may be missing; undefined when the list is complete. */
  readonly incomplete: string | undefined;
}

/** Finds the streams whose names match a pattern of `SCAN`, on every server of a cluster. */
export async function findStreams(
  connection: Pick<RedisConnection, 'servers'>,
  pattern: string,
): Promise<FoundStreams> {
  const streams = new Set<string>();
  for (const server of await connection.servers()) {
    const incomplete = await scan(server, pattern, streams);
    if (incomplete?.isRefused) return { streams: [], incomplete: incomplete.reason };
    if (incomplete !== undefined) return { streams: [...streams].sort(), incomplete: incomplete.reason };
  }
  return { streams: [...streams].sort(), incomplete: undefined };
}

/** Adds the streams of one server; returns why some may be missing. */
async function scan(
  server: RedisConnection,
  pattern: string,
  streams: Set<string>,
): Promise<{ readonly isRefused: boolean; readonly reason: string } | undefined> {
  let cursor = '0';
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const [reply] = await server.send([
      ['SCAN', cursor, 'MATCH', pattern, 'COUNT', '1000', 'TYPE', 'stream'],
    ]);
    if (reply instanceof RedisReplyError) return { isRefused: true, reason: reply.message };
    const [next, names] = reply as unknown as readonly [Buffer, readonly Buffer[]];
    for (const name of names) streams.add(name.toString());
    cursor = String(next);
    if (cursor === '0') return undefined;
  }
  return { isRefused: false, reason: 'the database holds too many keys to scan them all' };
}

/** Escapes a text, so that as a pattern it matches only itself. */
export function literalPattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}
