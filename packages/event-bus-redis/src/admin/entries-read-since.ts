import { RedisReplyError } from '../driver/redis-reply-error.js';
import type { AskRedis } from './ask-redis.js';

/**
 * The time since which the server of a stream has counted the entries read by groups, in milliseconds since 1970. Before
 * version 7.2.4 the count is neither written to the append-only file nor sent to replicas, so it is lost when Redis
 * restarts and when a replica is promoted (redis/redis#12898). `Infinity` when unknown.
 */
export async function entriesReadSince(ask: AskRedis, stream: string, nowMs: number): Promise<number> {
  // What has no key is asked where the stream is.
  const [, server, replication] = await ask(['XLEN', stream], ['INFO', 'server'], ['INFO', 'replication']);
  if (server instanceof RedisReplyError || replication instanceof RedisReplyError) return Infinity;
  const info = `${server}\n${replication}`;
  const [, major = 0, minor = 0, patch = 0] = (/^redis_version:(\d+)\.(\d+)\.(\d+)/m.exec(info) ?? []).map(
    Number,
  );
  if (major * 10_000 + minor * 100 + patch >= 70_204) return 0;
  const wasPromoted = /^second_repl_offset:-1\b/m.exec(info) === null;
  const uptime = /^uptime_in_seconds:(\d+)/m.exec(info)?.[1];
  if (wasPromoted || uptime === undefined) return Infinity;
  // Redis works with whole seconds: it started within the second after this difference.
  return (Math.floor(nowMs / 1_000) - Number(uptime) + 1) * 1_000;
}
