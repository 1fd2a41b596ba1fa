import type { EventBusPlugin } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { RedisEventBusAdmin } from './admin/redis-event-bus-admin.js';
import { RedisEventBusConsumer } from './consumer/redis-event-bus-consumer.js';
import { fromPythonConsumerOptions } from './options/python-consumer-options.js';
import { redisConsumerSettings, redisProducerSettings } from './options/redis-settings.js';
import { RedisEventBusProducer } from './producer/redis-event-bus-producer.js';

/**
 * The bus of `EVENT_BUS=redis`. Reads `EVENT_BUS_REDIS_…` and `EVENT_BUS_TOPIC_PREFIX`. Consumers also accept the option
 * names of the Python bus: see `PythonConsumerOptions`.
 */
export const eventBus: EventBusPlugin = Object.freeze({
  name: 'redis',
  createProducer: (env, options) => new RedisEventBusProducer({ ...redisProducerSettings(env), ...options }),
  createConsumer: (env, given) => {
    const { options, warnings } = fromPythonConsumerOptions(given);
    const consumer = new RedisEventBusConsumer({ ...redisConsumerSettings(env), ...options });
    for (const warning of warnings) runtime().logger.warn({ groupId: given.groupId }, warning);
    return consumer;
  },
  createAdmin: (env) => new RedisEventBusAdmin(env),
} satisfies EventBusPlugin);
