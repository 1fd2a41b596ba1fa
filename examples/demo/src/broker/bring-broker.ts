import type { Environment } from '@openedx-ts/events-core';
import { bringKafka } from './bring-kafka.js';
import { bringRedis } from './bring-redis.js';
import type { BroughtBroker } from './brought-broker.js';

/**
 * Provides the broker of a bus: the one named in the environment, or one that it starts and ends with this process.
 * Prints to stderr which one.
 *
 * @throws NoBroker
 */
export async function bringBroker(bus: string, env: Environment): Promise<BroughtBroker> {
  const bring = Object.hasOwn(brokers, bus) ? brokers[bus] : undefined;
  return (await bring?.(env)) ?? { env, [Symbol.asyncDispose]: async () => {} };
}

/** By bus name. The other buses need no broker, or find it by their settings. */
const brokers: Readonly<Record<string, (env: Environment) => Promise<BroughtBroker>>> = {
  kafka: bringKafka,
  redis: bringRedis,
};
