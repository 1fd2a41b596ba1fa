import { type Environment, InvalidOptionsError, type Issue } from '@openedx-ts/events-core';
import type { KafkaClientOptions, KafkaProducerOptions } from './kafka-options.js';
import type { KafkaSaslOptions, KafkaTlsOptions } from './kafka-security.js';
import type { SchemaRegistryOptions } from './registry/schema-registry-options.js';

type ClientSettings = KafkaClientOptions & { readonly topicPrefix?: string | undefined };

/** What a consumer is told by the environment, besides its topics and group. */
export interface KafkaConsumerSettings extends ClientSettings {
  /** Longest wait of a fetch for events, from `EVENT_BUS_KAFKA_CONSUMER_POLL_TIMEOUT` (seconds). */
  readonly maxWaitMs?: number;
}

/**
 * A producer's options from the environment, under the names of the Python bus and some of our own. Reads nothing but
 * `env`; an empty text counts as not set.
 *
 * @throws InvalidOptionsError naming every setting that is wrong
 */
export function kafkaProducerSettings(env: Environment): KafkaProducerOptions {
  return checked(env, (settings) => clientSettings(settings));
}

/**
 * A consumer's options from the environment, besides its topics and group.
 *
 * @throws InvalidOptionsError naming every setting that is wrong
 */
export function kafkaConsumerSettings(env: Environment): KafkaConsumerSettings {
  return checked(env, (settings) => {
    const maxWaitMs = settings.seconds('EVENT_BUS_KAFKA_CONSUMER_POLL_TIMEOUT');
    return { ...clientSettings(settings), ...(maxWaitMs === undefined ? {} : { maxWaitMs }) };
  });
}

function clientSettings(settings: Settings): ClientSettings {
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
function saslOf(settings: Settings): KafkaSaslOptions | undefined {
  const username = settings.text('EVENT_BUS_KAFKA_API_KEY');
  const password = settings.text('EVENT_BUS_KAFKA_API_SECRET');
  const mechanism = settings.oneOf('EVENT_BUS_KAFKA_SASL_MECHANISM', [
    'PLAIN',
    'SCRAM-SHA-256',
    'SCRAM-SHA-512',
  ]);
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
function tlsOf(settings: Settings): boolean | KafkaTlsOptions | undefined {
  const isOn = settings.flag('EVENT_BUS_KAFKA_TLS');
  const ca = settings.text('EVENT_BUS_KAFKA_TLS_CA');
  const cert = settings.text('EVENT_BUS_KAFKA_TLS_CERT');
  const key = settings.text('EVENT_BUS_KAFKA_TLS_KEY');
  if (isOn === false) return false;
  if (ca !== undefined || cert !== undefined || key !== undefined) {
    return {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    };
  }
  return isOn ?? (settings.text('EVENT_BUS_KAFKA_API_KEY') === undefined ? undefined : true);
}

function registryOf(settings: Settings): SchemaRegistryOptions {
  const username = settings.text('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY');
  const password = settings.text('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_SECRET');
  const ca = settings.text('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_CA');
  const autoRegister = settings.flag('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_AUTO_REGISTER');
  const cacheDirectory = settings.text('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_CACHE_DIRECTORY');
  if (username === undefined && password !== undefined) {
    settings.wrong('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY', 'is missing beside the secret');
  }
  return {
    url: settings.text('EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL') ?? '',
    ...(username === undefined ? {} : { auth: { username, password: password ?? '' } }),
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(autoRegister === undefined ? {} : { autoRegister }),
    ...(cacheDirectory === undefined ? {} : { cacheDirectory }),
  };
}

/** Settings by name; what is wrong with them is gathered. */
class Settings {
  readonly issues: Issue[] = [];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  wrong(path: string, message: string): void {
    this.issues.push({ path, message });
  }

  text(name: string): string | undefined {
    return this.#env[name] || undefined;
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined) return undefined;
    if (['true', '1', 'yes', 'on'].includes(text)) return true;
    if (['false', '0', 'no', 'off'].includes(text)) return false;
    this.wrong(name, 'must be true or false');
    return undefined;
  }

  /** A duration in seconds, as milliseconds. */
  seconds(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^\d{1,6}(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1_000);
    this.wrong(name, 'must be a number of seconds');
    return undefined;
  }

  oneOf<const T extends string>(name: string, values: readonly T[]): Lowercase<T> | undefined {
    const text = this.text(name)?.toUpperCase();
    const value = values.find((candidate) => candidate === text);
    if (text !== undefined && value === undefined) this.wrong(name, `must be one of ${values.join(', ')}`);
    return value?.toLowerCase() as Lowercase<T> | undefined;
  }
}

function checked<T>(env: Environment, read: (settings: Settings) => T): T {
  const settings = new Settings(env);
  const options = read(settings);
  if (settings.issues.length > 0) throw new InvalidOptionsError('Kafka settings', settings.issues);
  return options;
}
