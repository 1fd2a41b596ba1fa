import { RedisReplyError } from '../driver/redis-reply-error.js';
import type { AskRedis } from './ask-redis.js';

/** Maximum number of `SCAN` calls. */
const MAX_ROUNDS = 1_000;

/** The streams of a bus. */
export interface FoundStreams {
  /** Sorted. */
  readonly streams: readonly string[];
  /** Why streams may be missing; undefined when the list is complete. */
  readonly incomplete: string | undefined;
}

/** Finds the streams whose names match a pattern of `SCAN`. */
export async function findStreams(ask: AskRedis, pattern: string): Promise<FoundStreams> {
  const streams = new Set<string>();
  let cursor = '0';
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const [reply] = await ask(['SCAN', cursor, 'MATCH', pattern, 'COUNT', '1000', 'TYPE', 'stream']);
    if (reply instanceof RedisReplyError) return { streams: [], incomplete: reply.message };
    const [next, names] = reply as unknown as readonly [Buffer, readonly Buffer[]];
    for (const name of names) streams.add(name.toString());
    cursor = String(next);
    if (cursor === '0') return { streams: [...streams].sort(), incomplete: undefined };
  }
  return { streams: [...streams].sort(), incomplete: 'the database holds too many keys to scan them all' };
}

/** Escapes a text, so that as a pattern it matches only itself. */
export function literalPattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}
