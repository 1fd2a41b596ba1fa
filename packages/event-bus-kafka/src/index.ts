export { eventBus } from './event-bus.js';
export type { KafkaConsumerOptions } from './kafka-consumer-options.js';
export { KafkaAccessError } from './kafka-error.js';
export { KafkaEventBusConsumer } from './kafka-event-bus-consumer.js';
export { KafkaEventBusProducer } from './kafka-event-bus-producer.js';
export type { KafkaClientOptions, KafkaProducerOptions } from './kafka-options.js';
export type { KafkaSaslOptions, KafkaTlsOptions } from './kafka-security.js';
export {
  type KafkaConsumerSettings,
  kafkaConsumerSettings,
  kafkaProducerSettings,
} from './kafka-settings.js';
export { ConfluentSchemaRegistry } from './registry/confluent-schema-registry.js';
export { SchemaRegistryError } from './registry/schema-registry-error.js';
export type { SchemaRegistryAuth, SchemaRegistryOptions } from './registry/schema-registry-options.js';
