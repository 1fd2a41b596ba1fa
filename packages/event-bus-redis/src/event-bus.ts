import type { EventBusPlugin } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { RedisEventBusAdmin } from './admin/redis-event-bus-admin.js';
import { fromPythonConsumerOptions } from './python-consumer-options.js';
import { RedisEventBusConsumer } from './redis-event-bus-consumer.js';
import { RedisEventBusProducer } from './redis-event-bus-producer.js';
import { redisConsumerSettings, redisProducerSettings } from './redis-settings.js';

/**
 * The bus of `EVENT_BUS=redis`. Reads `EVENT_BUS_REDIS_…` and `EVENT_BUS_TOPIC_PREFIX`. Consumers take their options under
 * the names of the Python bus, too: see `PythonConsumerOptions`.
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
