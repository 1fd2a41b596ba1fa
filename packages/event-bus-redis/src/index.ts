export { RedisEventBusConsumer } from './consumer/redis-event-bus-consumer.js';
export { RedisAccessError } from './driver/redis-access-error.js';
export type { RedisDriverOptions } from './driver/redis-driver-options.js';
export { eventBus } from './event-bus.js';
export type { AcceptedBy } from './options/accepted-by.js';
export type { PythonConsumerOptions } from './options/python-consumer-options.js';
export type {
  RedisClientOptions,
  RedisConsumerOptions,
  RedisProducerOptions,
} from './options/redis-options.js';
export { redisConsumerSettings, redisProducerSettings } from './options/redis-settings.js';
export { RedisEventBusProducer } from './producer/redis-event-bus-producer.js';
export { fromEntryFields, toEntryFields } from './stream/stream-entry.js';
