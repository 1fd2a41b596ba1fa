import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import { freePort } from '../process/free-port.js';
import { noteOnce } from '../process/note.js';
import { environmentRedis } from './environment-redis.js';
import { type FoundRedis, findRedis } from './find-redis.js';
import { type RedisLaunch, redisLaunch } from './redis-launch.js';
import type { RedisOptions } from './redis-options.js';
import type { RedisServer } from './redis-server.js';

/** Another process may take a port between our asking and the server's binding. */
const portAttempts = 5;

/**
 * Starts a real Redis on a free port of 127.0.0.1 and waits until it answers. It ends with this process at the latest.
 * With `TEST_REDIS_URL` set and no options given, that server is used instead.
 * @throws {BrokerUnavailableError} when no server can be had on this machine
 * @throws {BrokerFailedError} when it does not come up; the message has the end of its log
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const began = performance.now();
  const found = await findRedis(options);
  const server =
    found.chosen === 'environment' ? environmentRedis(found.url) : await startOwn(found, options);
  const seconds = ((performance.now() - began) / 1000).toFixed(2);
  noteOnce(`Redis for tests: ${found.what}, ready in ${seconds} s`, `Redis: ${found.what}`);
  return server;
}

async function startOwn(
  found: Exclude<FoundRedis, { chosen: 'environment' }>,
  options: RedisOptions,
): Promise<RedisServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const launch = await redisLaunch(found, options, port);
    try {
      await launch.control.start();
      await launch.ready();
      const login = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`;
      return redisServer(launch, { url: `redis://${login}127.0.0.1:${port}`, port, chosen: found.chosen });
    } catch (error) {
      await launch.control.remove();
      if (attempt === portAttempts || !isPortTaken(error)) throw error;
    }
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof BrokerFailedError && /already in use|already allocated/i.test(error.logTail);
}

function redisServer(
  { control, ready }: RedisLaunch,
  facts: Pick<RedisServer, 'url' | 'port' | 'chosen'>,
): RedisServer {
  const start = async () => {
    await control.start();
    await ready();
  };
  return Object.freeze({
    ...facts,
    host: '127.0.0.1',
    start,
    stop: control.stop,
    async restart() {
      await control.stop();
      await start();
    },
    kill: control.kill,
    freeze: control.freeze,
    async unfreeze() {
      await control.unfreeze();
      await ready();
    },
    [Symbol.asyncDispose]: control.remove,
  });
}
