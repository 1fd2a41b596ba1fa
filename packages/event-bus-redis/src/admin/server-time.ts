import { runtime } from '@openedx-ts/events-core/bus';
import { RedisReplyError } from '../driver/redis-reply-error.js';
import type { AskRedis } from './ask-redis.js';

/** The time of Redis, whose clock also generates entry ids, in milliseconds since 1970; our own time where TIME is refused. */
export async function serverTime(ask: AskRedis): Promise<number> {
  const [reply] = await ask(['TIME']);
  if (reply instanceof RedisReplyError) return runtime().clock.now();
  const [seconds, microseconds] = (reply as readonly Buffer[]).map(Number);
  return (seconds ?? 0) * 1_000 + Math.floor((microseconds ?? 0) / 1_000);
}
