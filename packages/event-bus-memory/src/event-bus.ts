import type { EventBusPlugin } from '@openedx-ts/events-core';
import { MemoryEventBusConsumer } from './memory-event-bus-consumer.js';
import { MemoryEventBusProducer } from './memory-event-bus-producer.js';

/** The bus of `EVENT_BUS=memory`: everything of this process shares one broker. Reads `EVENT_BUS_TOPIC_PREFIX`. */
export const eventBus: EventBusPlugin = Object.freeze({
  name: 'memory',
  createProducer: (env, options) =>
    new MemoryEventBusProducer({ topicPrefix: env.EVENT_BUS_TOPIC_PREFIX, ...options }),
  createConsumer: (env, options) =>
    new MemoryEventBusConsumer({ topicPrefix: env.EVENT_BUS_TOPIC_PREFIX, ...options }),
} satisfies EventBusPlugin);
