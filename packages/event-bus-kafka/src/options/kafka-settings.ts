import type { Environment } from '@openedx-ts/events-core';
import { type ConsumerSettings, readConsumerSettings, SettingReader } from '@openedx-ts/events-core/bus';
import { compressions } from '../driver/compression/compression.js';
import type { SchemaRegistryOptions } from '../registry/schema-registry-options.js';
import type { KafkaSaslOptions } from '../security/kafka-sasl-options.js';
import type { KafkaTlsOptions } from '../security/kafka-tls-options.js';
import type { KafkaClientOptions, KafkaProducerOptions } from './kafka-options.js';

type ClientSettings = KafkaClientOptions & { readonly topicPrefix?: string | undefined };

/** The options of a consumer that environment variables set: all but its topics and group. */
export type KafkaConsumerSettings = ClientSettings & ConsumerSettings & { readonly maxWaitMs?: number };

/**
 * Reads the options of a producer from environment variables with the names of the Python bus, and some that do not exist
 * in Python. Reads only `env`; an empty value counts as not set. `EVENT_BUS_KAFKA_POLL_INTERVAL_SEC` has no effect: no
 * thread polls.
 *
 * @throws InvalidOptionsError naming every setting that is malformed
 */
export function kafkaProducerSettings(env: Environment): KafkaProducerOptions {
  return checked(env, (settings) => {
    const compression = settings.oneOf('EVENT_BUS_KAFKA_COMPRESSION', compressions);
    return { ...clientSettings(settings), ...(compression === undefined ? {} : { compression }) };
  });
}

/**
 * Reads the options of a consumer from environment variables, except for topics and group. Some have another effect, or
 * default, than in Python (`readConsumerSettings`).
 *
 * @throws InvalidOptionsError naming every setting that is malformed
 */
export function kafkaConsumerSettings(env: Environment): KafkaConsumerSettings {
  return checked(env, (settings) => {
    const maxWaitMs = settings.milliseconds('EVENT_BUS_KAFKA_CONSUMER_POLL_TIMEOUT');
    return {
      ...clientSettings(settings),
      ...readConsumerSettings(settings, 'EVENT_BUS_KAFKA_'),
      ...(maxWaitMs === undefined ? {} : { maxWaitMs }),
    };
  });
}

function clientSettings(settings: SettingReader): ClientSettings {
  const sasl = saslOf(settings);
  const tls = tlsOf(settings);
  const clientId = settings.text('EVENTS_SERVICE_NAME') ?? settings.text('SERVICE_VARIANT');
  const insecure = settings.flag('EVENT_BUS_KAFKA_ALLOW_INSECURE');
  return {
    bootstrapServers: settings.text('EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS') ?? '',
    topicPrefix: settings.text('EVENT_BUS_TOPIC_PREFIX'),
    schemaRegistry: registryOf(settings),
    ...(clientId === undefined ? {} : { clientId }),
    ...(insecure === undefined ? {} : { allowInsecure: insecure }),
    ...(sasl === undefined ? {} : { sasl }),
    ...(tls === undefined ? {} : { tls }),
  };
}

/** As the Python bus: both set means SASL PLAIN over TLS. It ignores one alone; we do not. */
function saslOf(settings: SettingReader): KafkaSaslOptions | undefined {
  const username = settings.text('EVENT_BUS_KAFKA_API_KEY');
  const password = settings.text('EVENT_BUS_KAFKA_API_SECRET');
  const mechanism = settings
    .oneOf('EVENT_BUS_KAFKA_SASL_MECHANISM', ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])
    ?.toLowerCase() as 'plain' | 'scram-sha-256' | 'scram-sha-512' | undefined;
  if (username !== undefined && password !== undefined) {
    return { mechanism: mechanism ?? 'plain', username, password };
  }
  if (username !== undefined) settings.wrong('EVENT_BUS_KAFKA_API_SECRET', 'is missing beside the key');
  if (password !== undefined) settings.wrong('EVENT_BUS_KAFKA_API_KEY', 'is missing beside the secret');
  if (username === undefined && password === undefined && mechanism !== undefined) {
    settings.wrong('EVENT_BUS_KAFKA_API_KEY', 'is missing beside EVENT_BUS_KAFKA_SASL_MECHANISM');
  }
  return undefined;
}

/** With credentials TLS is on unless it is turned off by name; certificates turn it on. */
function tlsOf(settings: SettingReader): boolean | KafkaTlsOptions | undefined {
  const isOn = settings.flag('EVENT_BUS_KAFKA_TLS');
  const ca = settings.text('EVENT_BUS_KAFKA_TLS_CA');
  const cert = settings.text('EVENT_BUS_KAFKA_TLS_CERT');
  const key = settings.text('EVENT_BUS_KAFKA_TLS_KEY');
  const serverName = settings.text('EVENT_BUS_KAFKA_TLS_SERVER_NAME');
  if (isOn === false) return false;
  if ([ca, cert, key, serverName].some((value) => value !== undefined)) {
    return {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(serverName === undefined ? {} : { serverName }),
    };
  }
  return isOn ?? (settings.text('EVENT_BUS_KAFKA_API_KEY') === undefined ? undefined : true);
}

function registryOf(settings: SettingReader): SchemaRegistryOptions {
  const username = settings.text('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY');
  const password = settings.text('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_SECRET');
  const ca = settings.text('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_CA');
  const serverName = settings.text('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_SERVER_NAME');
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { serverName }),
  };
  const autoRegister = settings.flag('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_AUTO_REGISTER');
  const cacheDirectory = settings.text('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_CACHE_DIRECTORY');
  if (username === undefined && password !== undefined) {
    settings.wrong('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY', 'is missing beside the secret');
  }
  return {
    url: settings.text('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL') ?? '',
    ...(username === undefined ? {} : { auth: { username, password: password ?? '' } }),
    ...(Object.keys(tls).length === 0 ? {} : { tls }),
    ...(autoRegister === undefined ? {} : { autoRegister }),
    ...(cacheDirectory === undefined ? {} : { cacheDirectory }),
  };
}

function checked<T>(env: Environment, read: (settings: SettingReader) => T): T {
  const settings = new SettingReader('Kafka settings', env);
  const options = read(settings);
  settings.end();
  return options;
}
