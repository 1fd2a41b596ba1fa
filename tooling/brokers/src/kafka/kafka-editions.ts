import type { KafkaEdition } from './kafka-options.js';

const log4j2 = ['log4j-slf4j-impl', 'log4j-core', 'log4j-1.2-api'];

/** What each edition is made of. The poms of Kafka bring no logging backend. */
export const kafkaEditions: Readonly<
  Record<KafkaEdition, { readonly version: string; readonly image: string; readonly jars: readonly string[] }>
> = {
  'kafka-4': {
    version: '4.1.2',
    image: 'apache/kafka:4.1.2',
    jars: [
      'org.apache.kafka:kafka_2.13:4.1.2',
      ...log4j2.map((artifact) => `org.apache.logging.log4j:${artifact}:2.25.5`),
    ],
  },
  'kafka-3.9': {
    version: '3.9.2',
    image: 'apache/kafka:3.9.1',
    jars: ['org.apache.kafka:kafka_2.13:3.9.2', 'org.slf4j:slf4j-reload4j:1.7.36'],
  },
};
