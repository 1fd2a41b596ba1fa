import { announced } from '../server/announced.js';
import { environmentServer } from '../server/environment-server.js';
import { startedServer } from '../server/started-server.js';
import { type FoundRedis, findRedis, redisVariable } from './find-redis.js';
import { redisLaunch } from './redis-launch.js';
import type { RedisOptions } from './redis-options.js';
import type { RedisServer } from './redis-server.js';

/**
 * Starts a real Redis on a free port of 127.0.0.1 and waits until it answers. It ends with this process at the latest.
 * With `TEST_REDIS_URL` set and no options given, that server is used instead.
 * @throws {BrokerUnavailableError} when no server can be had on this machine
 * @throws {BrokerFailedError} when it does not come up; the message has the end of its log
 */
export function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  return announced(
    'Redis',
    () => findRedis(options),
    (found) => start(found, options),
  );
}

async function start(found: FoundRedis, options: RedisOptions): Promise<RedisServer> {
  if (found.chosen === 'environment') {
    const { hostname, port } = new URL(found.url);
    const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
    return Object.freeze({ ...environmentServer('Redis', redisVariable, address), url: found.url });
  }
  const [server] = await startedServer(found.chosen, () => redisLaunch(found, options));
  const login = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`;
  return Object.freeze({ ...server, url: `redis://${login}${server.host}:${server.port}` });
}
