import { NotControllableError } from '../ladder/not-controllable-error.js';
import { redisVariable } from './find-redis.js';
import type { RedisServer } from './redis-server.js';

/** A server that somebody else runs: it can be used, and nothing else. */
export function environmentRedis(url: string): RedisServer {
  const { hostname, port } = new URL(url);
  const refuse = (action: string) => async () => {
    throw new NotControllableError('Redis', action, redisVariable);
  };
  const nothing = async () => {};
  return Object.freeze({
    url,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 6379),
    chosen: 'environment',
    start: refuse('start'),
    stop: nothing,
    restart: refuse('restart'),
    kill: refuse('kill'),
    freeze: refuse('freeze'),
    unfreeze: refuse('unfreeze'),
    [Symbol.asyncDispose]: nothing,
  });
}
