import type { EventBusPlugin } from '@openedx-ts/events-core';
import { RedisEventBusAdmin } from './admin/redis-event-bus-admin.js';
import { RedisEventBusConsumer } from './redis-event-bus-consumer.js';
import { RedisEventBusProducer } from './redis-event-bus-producer.js';
import { redisConsumerSettings, redisProducerSettings } from './redis-settings.js';

/** The bus of `EVENT_BUS=redis`. Reads `EVENT_BUS_REDIS_…` and `EVENT_BUS_TOPIC_PREFIX`. */
export const eventBus: EventBusPlugin = Object.freeze({
  name: 'redis',
  createProducer: (env, options) => new RedisEventBusProducer({ ...redisProducerSettings(env), ...options }),
  createConsumer: (env, options) => new RedisEventBusConsumer({ ...redisConsumerSettings(env), ...options }),
  createAdmin: (env) => new RedisEventBusAdmin(env),
} satisfies EventBusPlugin);
