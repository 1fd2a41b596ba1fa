import type { Environment } from '@openedx-ts/events-core';
import { type ConsumerSettings, readConsumerSettings, SettingReader } from '@openedx-ts/events-core/bus';
import { compressions } from '../driver/compression/compression.js';
import type { KafkaTlsOptions } from '../security/kafka-tls-options.js';
import { certificateSettings } from './certificate-settings.js';
import { type KafkaClientOptions, type KafkaProducerOptions, partitioners } from './kafka-options.js';
import { registrySettings } from './registry-settings.js';
import { saslSettings } from './sasl-settings.js';

type ProducerSettings = Pick<
  KafkaProducerOptions,
  'allowAutoTopicCreation' | 'compression' | 'idempotent' | 'maxMessageBytes' | 'partitioner'
>;

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
  return checked(env, (settings) => ({ ...clientSettings(settings), ...ofProducers(settings) }));
}

/**
 * Reads the options of a consumer from environment variables, except for topics and group. Some have another effect, or
 * default, than in Python (`readConsumerSettings`).
 *
 * @throws InvalidOptionsError naming every setting that is malformed
 */
export function kafkaConsumerSettings(env: Environment): KafkaConsumerSettings {
  return checked(env, (settings) => ({ ...clientSettings(settings), ...ofConsumers(settings) }));
}

/**
 * Reads the settings of producers and consumers, for an operator who wants to know what is wrong.
 *
 * @throws InvalidOptionsError naming every setting that is malformed
 */
export function checkKafkaSettings(env: Environment): void {
  checked(env, (settings) => [clientSettings(settings), ofProducers(settings), ofConsumers(settings)]);
}

function ofProducers(settings: SettingReader): ProducerSettings {
  return given({
    compression: settings.oneOf('EVENT_BUS_KAFKA_COMPRESSION', compressions),
    idempotent: settings.flag('EVENT_BUS_KAFKA_IDEMPOTENT'),
    partitioner: settings.oneOf('EVENT_BUS_KAFKA_PARTITIONER', partitioners),
    maxMessageBytes: settings.wholeNumber('EVENT_BUS_KAFKA_MAX_MESSAGE_BYTES', { least: 1 }),
    allowAutoTopicCreation: settings.flag('EVENT_BUS_KAFKA_AUTO_CREATE_TOPICS'),
  });
}

function ofConsumers(settings: SettingReader): ConsumerSettings & { readonly maxWaitMs?: number } {
  const maxWaitMs = settings.milliseconds('EVENT_BUS_KAFKA_CONSUMER_POLL_TIMEOUT');
  return { ...readConsumerSettings(settings, 'EVENT_BUS_KAFKA_'), ...given({ maxWaitMs }) };
}

/** The options that are set: an absent one keeps its default. */
function given<T extends object>(options: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

function clientSettings(settings: SettingReader): ClientSettings {
  const allowInsecure = settings.flag('EVENT_BUS_KAFKA_ALLOW_INSECURE');
  const sasl = saslSettings(settings, allowInsecure);
  const tls = tlsOf(settings, sasl !== undefined);
  const clientId = settings.text('EVENTS_SERVICE_NAME') ?? settings.text('SERVICE_VARIANT');
  return {
    bootstrapServers: settings.text('EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS') ?? '',
    topicPrefix: settings.text('EVENT_BUS_TOPIC_PREFIX'),
    schemaRegistry: registrySettings(settings, allowInsecure),
    ...(clientId === undefined ? {} : { clientId }),
    ...(allowInsecure === undefined ? {} : { allowInsecure }),
    ...(sasl === undefined ? {} : { sasl }),
    ...(tls === undefined ? {} : { tls }),
  };
}

/** With credentials TLS is on unless it is turned off by name; certificates turn it on. */
function tlsOf(settings: SettingReader, hasLogin: boolean): boolean | KafkaTlsOptions | undefined {
  const isOn = settings.flag('EVENT_BUS_KAFKA_TLS');
  const certificates = certificateSettings(settings, 'EVENT_BUS_KAFKA_TLS_');
  if (isOn === false) return false;
  return certificates ?? isOn ?? (hasLogin ? true : undefined);
}

function checked<T>(env: Environment, read: (settings: SettingReader) => T): T {
  const settings = new SettingReader('Kafka settings', env);
  const options = read(settings);
  settings.end();
  return options;
}
