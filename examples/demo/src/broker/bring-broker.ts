import type { Environment } from '@openedx-ts/events-core';
import { bringKafka } from './bring-kafka.js';
import { bringMemory } from './bring-memory.js';
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

/** By bus name. */
const brokers: Readonly<Record<string, (env: Environment) => Promise<BroughtBroker>>> = {
  kafka: bringKafka,
  memory: bringMemory,
  redis: bringRedis,
};
