import { type ServerOrReason, serverOrReason } from '../server/server-or-reason.js';
import { findRedis } from './find-redis.js';
import type { RedisOptions } from './redis-options.js';
import type { RedisServer } from './redis-server.js';
import { startRedis } from './start-redis.js';

/** Redis on this machine, or why there is none. */
export type RedisOrReason = ServerOrReason<RedisOptions, RedisServer>;

/**
 * Looks for a Redis without starting it, so that tests can be skipped with a reason.
 * @param options what every server of the test file has
 * @throws {BrokerUnavailableError} when there is none and `CI` is `true`: there nothing is skipped
 */
export function redisOrReason(options: RedisOptions = {}): Promise<RedisOrReason> {
  return serverOrReason({ find: findRedis, start: startRedis }, options);
}
