export { eventBus } from './event-bus.js';
export type { PythonConsumerOptions } from './python-consumer-options.js';
export { RedisAccessError, type RedisDriverOptions } from './redis-connection.js';
export { RedisEventBusConsumer } from './redis-event-bus-consumer.js';
export { RedisEventBusProducer } from './redis-event-bus-producer.js';
export type { RedisClientOptions, RedisConsumerOptions, RedisProducerOptions } from './redis-options.js';
export { redisConsumerSettings, redisProducerSettings } from './redis-settings.js';
export { fromEntryFields, toEntryFields } from './stream-entry.js';
