import type { EventBusPlugin } from '@openedx-ts/events-core';
import { defaultMemoryBroker, type MemoryBroker } from './memory-broker.js';
import { MemoryEventBusAdmin } from './memory-event-bus-admin.js';
import { MemoryEventBusConsumer } from './memory-event-bus-consumer.js';
import { MemoryEventBusProducer } from './memory-event-bus-producer.js';

/** A memory bus on a broker of its own, for tests and for several buses in one process. Reads `EVENT_BUS_TOPIC_PREFIX`. */
export function memoryEventBus(broker: MemoryBroker): EventBusPlugin {
  return Object.freeze({
    name: 'memory',
    createProducer: (env, options) =>
      new MemoryEventBusProducer({ broker, topicPrefix: env.EVENT_BUS_TOPIC_PREFIX, ...options }),
    createConsumer: (env, options) =>
      new MemoryEventBusConsumer({ broker, topicPrefix: env.EVENT_BUS_TOPIC_PREFIX, ...options }),
    createAdmin: (env) => new MemoryEventBusAdmin(broker, env.EVENT_BUS_TOPIC_PREFIX),
  } satisfies EventBusPlugin);
}

/** The bus of `EVENT_BUS=memory`: everything of this process shares one broker. Reads `EVENT_BUS_TOPIC_PREFIX`. */
export const eventBus: EventBusPlugin = memoryEventBus(defaultMemoryBroker());
