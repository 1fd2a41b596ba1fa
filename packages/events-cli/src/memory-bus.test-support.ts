import { MemoryBroker, MemoryEventBusAdmin, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { type EventBusPlugin, InvalidOptionsError } from '@openedx-ts/events-core';
import type { EventBusAdmin } from '@openedx-ts/events-core/operate';

/** Named by `--bus ./memory-bus.test-support.ts`, so that a test and the command share a broker. */
export const broker = new MemoryBroker({ partitions: 1 });

let admin: EventBusAdmin | undefined;

/** What the bus shows to operators from now on. */
export function showToOperators(shown: Pick<EventBusAdmin, 'lag' | 'diagnose'> | undefined): void {
  admin = shown && { ...shown, close: async () => {}, [Symbol.asyncDispose]: async () => {} };
}

const plugin = memoryEventBus(broker);

/** Lets operators see the broker itself. */
export function showBrokerToOperators(): void {
  admin = new MemoryEventBusAdmin(broker);
}

export const eventBus: EventBusPlugin = {
  ...plugin,
  createConsumer: (env, options) => {
    const { consumer_name: name, ...known } = options as typeof options & { consumer_name?: string };
    if (name === 'taken') throw new InvalidOptionsError('consumer', [{ path: name, message: 'is taken' }]);
    return plugin.createConsumer(env, known);
  },
  get createAdmin() {
    const shown = admin;
    return shown === undefined ? undefined : () => shown;
  },
} as EventBusPlugin;
