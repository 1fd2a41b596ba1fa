export { createKafka } from './kafka-client.js';
export { KafkaAccessError } from './kafka-error.js';
export type { KafkaClientOptions, KafkaProducerOptions } from './kafka-options.js';
export type { KafkaSaslOptions, KafkaTlsOptions } from './kafka-security.js';
