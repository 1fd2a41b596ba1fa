import type { Environment } from '@openedx-ts/events-core';
import { bringKafka } from './bring-kafka.js';
import { bringRedis } from './bring-redis.js';
import type { BroughtBroker } from './brought-broker.js';

/**
 * Brings the broker of a bus, if it needs one: that of the environment, or one of its own that ends with this process.
 * Says on stderr which.
 *
 * @throws NoBroker
 */
export async function bringBroker(bus: string, env: Environment): Promise<BroughtBroker> {
  const bring = Object.hasOwn(brokers, bus) ? brokers[bus] : undefined;
  return (await bring?.(env)) ?? { env, [Symbol.asyncDispose]: async () => {} };
}

/** By the names of buses. The others need none, or find theirs by their settings. */
const brokers: Readonly<Record<string, (env: Environment) => Promise<BroughtBroker>>> = {
  kafka: bringKafka,
  redis: bringRedis,
};
