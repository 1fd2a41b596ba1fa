import type { EffectiveBusSettings } from '@openedx-ts/events-core/bus';
import { checkKafkaSettings } from '../options/kafka-settings.js';

/** What this bus makes of its variables. Values are shown where they cannot be secret. */
export const busSettings: EffectiveBusSettings = {
  prefix: 'EVENT_BUS_KAFKA_',
  required: {
    EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: 'host:port of some brokers, such as localhost:9092',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: 'the URL of the schema registry, such as http://localhost:8081',
  },
  read: checkKafkaSettings,
  effects: {
    EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: () => 'where Kafka is',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: () => 'where schemas are',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY: () => 'who we are to the registry',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_SECRET: () => 'who we are to the registry',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_CA: () => 'whom to trust as the registry',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TOKEN: () => 'the token that the registry gets',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TOKEN_FILE: () => 'the file with the token that the registry gets',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TOKEN_URL: () =>
      'where tokens for the registry come from; key and secret are those of the client',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TOKEN_SCOPE: (value) =>
      `tokens for the registry are asked for with the scope ${value}`,
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_CERT: () => 'our own certificate for the registry',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_KEY: () => 'the key of our own certificate for the registry',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_KEY_PASSWORD: () => 'the password of that key',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_SERVER_NAME: (value) =>
      `the certificate of the registry must have the name ${value}`,
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_AUTO_REGISTER: () => 'whether schemas are registered that are not there',
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_CACHE_DIRECTORY: () =>
      'where schemas are kept for times when the registry is unreachable',
    EVENT_BUS_KAFKA_API_KEY: () => 'the user of the login; with it TLS is on',
    EVENT_BUS_KAFKA_API_SECRET: () => 'the password of the login',
    EVENT_BUS_KAFKA_SASL_MECHANISM: (value) => `the login is by ${value.toUpperCase()}`,
    EVENT_BUS_KAFKA_SASL_TOKEN: () => 'the token of the login',
    EVENT_BUS_KAFKA_SASL_TOKEN_FILE: () => 'the file with the token of the login',
    EVENT_BUS_KAFKA_SASL_TOKEN_URL: () =>
      'where tokens of the login come from; key and secret are those of the client',
    EVENT_BUS_KAFKA_SASL_TOKEN_SCOPE: (value) => `tokens of the login are asked for with the scope ${value}`,
    EVENT_BUS_KAFKA_TLS: () => 'whether connections are encrypted',
    EVENT_BUS_KAFKA_TLS_CA: () => 'whom to trust as a broker',
    EVENT_BUS_KAFKA_TLS_CERT: () => 'our own certificate',
    EVENT_BUS_KAFKA_TLS_KEY: () => 'the key of our own certificate',
    EVENT_BUS_KAFKA_TLS_KEY_PASSWORD: () => 'the password of that key',
    EVENT_BUS_KAFKA_TLS_SERVER_NAME: (value) => `the certificates of brokers must have the name ${value}`,
    EVENT_BUS_KAFKA_ALLOW_INSECURE: () => 'whether credentials may be sent to another machine without TLS',
    EVENT_BUS_KAFKA_COMPRESSION: (value) => `producers compress events by ${value.toLowerCase()}`,
    EVENT_BUS_KAFKA_IDEMPOTENT: () => 'whether an event that is sent again is stored once',
    EVENT_BUS_KAFKA_PARTITIONER: (value) => `keys choose their partitions by ${value.toLowerCase()}`,
    EVENT_BUS_KAFKA_MAX_MESSAGE_BYTES: (value) =>
      `producers refuse events of more than ${Number(value)} bytes`,
    EVENT_BUS_KAFKA_AUTO_CREATE_TOPICS: () =>
      'whether producers ask brokers to create topics that do not exist',
    EVENT_BUS_KAFKA_CONSUMER_POLL_TIMEOUT: (value) => `the broker waits up to ${Number(value)} s for events`,
    EVENT_BUS_KAFKA_POLL_INTERVAL_SEC: () => 'no effect: there is no thread that polls',
  },
};
