export { MissingCodecError } from './driver/compression/missing-codec-error.js';
export { KafkaAccessError } from './driver/kafka-error.js';
export { eventBus } from './event-bus.js';
export { UnreadableBatchError } from './group/unreadable-batch-error.js';
export { kafkaEventBus } from './kafka-event-bus.js';
export { KafkaEventBusConsumer } from './kafka-event-bus-consumer.js';
export { KafkaEventBusProducer } from './kafka-event-bus-producer.js';
export type { KafkaConsumerOptions } from './options/kafka-consumer-options.js';
export type { KafkaLogins } from './options/kafka-logins.js';
export type { KafkaClientOptions, KafkaProducerOptions } from './options/kafka-options.js';
export {
  type KafkaConsumerSettings,
  kafkaConsumerSettings,
  kafkaProducerSettings,
} from './options/kafka-settings.js';
export { ConfluentSchemaRegistry } from './registry/confluent-schema-registry.js';
export { SchemaRegistryError } from './registry/schema-registry-error.js';
export type { SchemaRegistryAuth, SchemaRegistryOptions } from './registry/schema-registry-options.js';
export { type ClientCredentialsOptions, clientCredentials } from './security/client-credentials.js';
export type { KafkaSaslOptions } from './security/kafka-sasl-options.js';
export type { KafkaTlsOptions } from './security/kafka-tls-options.js';
