import type { Environment } from '@openedx-ts/events-core';
import { type ConsumerSettings, readConsumerSettings, SettingReader } from '@openedx-ts/events-core/bus';
import type { RedisConsumerOptions, RedisProducerOptions } from './redis-options.js';
import { redisSentinelSettings } from './redis-sentinel-settings.js';
import { redisTlsSettings } from './redis-tls-settings.js';

/**
 * Reads the options of a producer from environment variables with the names of the Python bus. Reads only `env`,
 * and the files that its `EVENT_BUS_REDIS_TLS_…` name; an empty value counts as not set. `EVENT_BUS_REDIS_STREAM_MAX_LEN`
 * may be `0`: no trimming. `EVENT_BUS_REDIS_ACCEPTED_BY_REPLICAS`, `…_ALLOW_INSECURE`, `…_CLUSTER`,
 * `EVENT_BUS_REDIS_SENTINEL…` and `EVENT_BUS_REDIS_TLS_…` do not exist in Python.
 *
 * @throws InvalidOptionsError naming every setting that is malformed
 */
export function redisProducerSettings(env: Environment): RedisProducerOptions {
  return checked('Redis producer', env, (read) => ({ ...settingsOfBoth(env, read), ...ofProducers(read) }));
}

/**
 * Reads the options of a consumer from environment variables, except for topics and group. Reads only `env`, and the
 * files that its `EVENT_BUS_REDIS_TLS_…` name; an empty value counts as not set. Some have another effect, or default,
 * than in Python (`readConsumerSettings`).
 *
 * @throws InvalidOptionsError naming every setting that is malformed
 */
export function redisConsumerSettings(env: Environment): Omit<RedisConsumerOptions, 'topics' | 'groupId'> {
  return checked('Redis consumer', env, (read) => ({ ...settingsOfBoth(env, read), ...ofConsumers(read) }));
}

/**
 * Reads the settings of producers and consumers, for an operator who wants to know what is wrong.
 *
 * @throws InvalidOptionsError naming every setting that is malformed
 */
export function checkRedisSettings(env: Environment): void {
  checked('Redis settings', env, (read) => [settingsOfBoth(env, read), ofProducers(read), ofConsumers(read)]);
}

function checked<T>(subject: string, env: Environment, settingsOf: (read: SettingReader) => T): T {
  const read = new SettingReader(subject, env);
  const settings = settingsOf(read);
  read.end();
  return settings;
}

function ofProducers(read: SettingReader): Pick<RedisProducerOptions, 'acceptedBy'> {
  const replicas = read.wholeNumber('EVENT_BUS_REDIS_ACCEPTED_BY_REPLICAS');
  return replicas === undefined || replicas === 0 ? {} : { acceptedBy: { replicas } };
}

function ofConsumers(read: SettingReader): ConsumerSettings & Pick<RedisConsumerOptions, 'blockMs'> {
  const blockMs = read.milliseconds('EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT', { least: 0.001 });
  return {
    ...readConsumerSettings(read, 'EVENT_BUS_REDIS_'),
    ...(blockMs === undefined ? {} : { blockMs }),
  };
}

function settingsOfBoth(env: Environment, read: SettingReader) {
  return { ...connectionSettings(env, read), ...streamMaxLength(read) };
}

function connectionSettings(
  env: Environment,
  read: SettingReader,
): Pick<RedisProducerOptions, 'url' | 'cluster' | 'topicPrefix' | 'allowInsecure' | 'clientOptions'> {
  const allowInsecure = read.flag('EVENT_BUS_REDIS_ALLOW_INSECURE');
  const tls = redisTlsSettings(read);
  const cluster = clusterSetting(read);
  const sentinels = redisSentinelSettings(read);
  return {
    url: env.EVENT_BUS_REDIS_CONNECTION_URL ?? '',
    topicPrefix: env.EVENT_BUS_TOPIC_PREFIX,
    ...(cluster === undefined ? {} : { cluster }),
    ...(allowInsecure === undefined ? {} : { allowInsecure }),
    ...(tls === undefined && sentinels === undefined
      ? {}
      : { clientOptions: { ...sentinels, ...(tls === undefined ? {} : { tls }) } }),
  };
}

/** `true`, `false`, or further nodes as `host:port`, separated by commas. */
function clusterSetting(read: SettingReader): boolean | readonly string[] | undefined {
  const name = 'EVENT_BUS_REDIS_CLUSTER';
  const nodes = (read.text(name) ?? '').split(',').map((text) => text.trim());
  return nodes.some((text) => text.includes(':')) ? nodes.filter((text) => text !== '') : read.flag(name);
}

function streamMaxLength(read: SettingReader): { readonly streamMaxLength?: number } {
  const length = read.wholeNumber('EVENT_BUS_REDIS_STREAM_MAX_LEN');
  if (length === undefined) return {};
  return { streamMaxLength: length === 0 ? Number.POSITIVE_INFINITY : length }; // 0 means no limit
}
