import { startRedis } from '@openedx-ts/brokers';
import type { Environment } from '@openedx-ts/events-core';
import { type BroughtBroker, noBroker } from './brought-broker.js';

const urlVariable = 'EVENT_BUS_REDIS_CONNECTION_URL';

/**
 * The Redis that the environment names, or else one that is started for the demo: in Docker, from a program of this
 * machine, or from a package that is unpacked and not installed.
 *
 * @param start how to start one
 * @throws NoBroker
 */
export async function bringRedis(env: Environment, start = startRedis): Promise<BroughtBroker> {
  if (env[urlVariable]) {
    process.stderr.write(`demo: the Redis that ${urlVariable} names\n`);
    return { env, [Symbol.asyncDispose]: async () => {} };
  }
  try {
    const server = await start({ own: true });
    return {
      env: { ...env, [urlVariable]: server.url },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  } catch (error) {
    throw noBroker(error, 'no Redis', cure);
  }
}

const cure =
  `Start Docker or install redis-server, or name a Redis by ${urlVariable}=redis://localhost:6379. ` +
  'Without any: npm run demo -- --bus memory';
