export { createKafka } from './kafka-client.js';
export { type KafkaClientOptions, kafkaClientRules } from './kafka-options.js';
