import { BrokerUnavailableError } from '../ladder/broker-unavailable-error.js';
import { findRedis } from './find-redis.js';
import type { RedisOptions } from './redis-options.js';
import type { RedisServer } from './redis-server.js';
import { startRedis } from './start-redis.js';

/** Redis on this machine, or why there is none. */
export interface RedisOrReason {
  /** Why there is no Redis; undefined when there is. For `describe.skipIf`. */
  readonly reason: string | undefined;
  /** A test's title, with the reason when it will be skipped. */
  titled(title: string): string;
  /** `startRedis`, with the options given before as defaults. */
  start(options?: RedisOptions): Promise<RedisServer>;
}

/**
 * Looks for a Redis without starting it, so that tests can be skipped with a reason.
 * @param options what every server of the test file has
 * @throws {BrokerUnavailableError} when there is none and `CI` is `true`: there nothing is skipped
 */
export async function redisOrReason(options: RedisOptions = {}): Promise<RedisOrReason> {
  const reason = await whyNot(options);
  return Object.freeze({
    reason,
    titled: (title: string) => (reason === undefined ? title : `${title} (${reason})`),
    start: (more: RedisOptions = {}) => startRedis({ ...options, ...more }),
  });
}

async function whyNot(options: RedisOptions): Promise<string | undefined> {
  try {
    await findRedis(options);
    return undefined;
  } catch (error) {
    const inCi = process.env.CI === 'true' || process.env.CI === '1';
    if (inCi || !(error instanceof BrokerUnavailableError)) throw error;
    return error.message;
  }
}
