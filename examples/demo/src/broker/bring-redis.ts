import { BrokerFailedError, BrokerUnavailableError, startRedis } from '@openedx-ts/brokers';
import type { Environment } from '@openedx-ts/events-core';
import { type BroughtBroker, NoBroker } from './brought-broker.js';

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
    if (error instanceof BrokerUnavailableError) throw new NoBroker(cureFor(error), { cause: error });
    if (error instanceof BrokerFailedError) throw new NoBroker(error.message, { cause: error });
    throw error;
  }
}

function cureFor({ tried }: BrokerUnavailableError): string {
  const ways = tried.map(({ rung, reason }) => `  ${rung}: ${reason}\n`).join('');
  return (
    `there is no Redis, and none could be started:\n${ways}` +
    `Start Docker or install redis-server, or name a Redis by ${urlVariable}=redis://localhost:6379. ` +
    'Without any: npm run demo -- --bus memory'
  );
}
