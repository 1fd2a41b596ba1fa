import { defaultMemoryBroker } from '@openedx-ts/event-bus-memory';
import type { Environment } from '@openedx-ts/events-core';
import type { BroughtBroker } from './brought-broker.js';

/** The broker of the memory bus, which is inside this process. */
export async function bringMemory(env: Environment): Promise<BroughtBroker> {
  const outage = {
    stop: async () => defaultMemoryBroker().stop(),
    start: async () => defaultMemoryBroker().start(),
  };
  return { env, outage, [Symbol.asyncDispose]: async () => {} };
}
