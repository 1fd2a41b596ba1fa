import type { Environment } from '@openedx-ts/events-core';
import { SettingReader } from '@openedx-ts/events-core/bus';
import type { RedisConsumerOptions, RedisProducerOptions } from './redis-options.js';

/**
 * Reads the options of a producer from environment variables with the names of the Python bus. Reads only `env`; an empty
 * value counts as not set. `EVENT_BUS_REDIS_STREAM_MAX_LEN` may be `0`: no trimming. `EVENT_BUS_REDIS_ALLOW_INSECURE` does
 * not exist in Python.
 *
 * @throws InvalidOptionsError naming every setting that is malformed
 */
export function redisProducerSettings(env: Environment): RedisProducerOptions {
  const read = new SettingReader('Redis producer', env);
  const settings = { ...connectionSettings(env, read), ...streamMaxLength(read) };
  read.end();
  return settings;
}

/**
 * Reads the options of a consumer from environment variables, except for topics and group. Reads only `env`; an empty
 * value counts as not set. Three variables have another effect, or default, than in Python:
 * - `EVENT_BUS_REDIS_CONSUMER_POLL_FAILURE_SLEEP` is the first backoff, which then grows;
 * - `EVENT_BUS_REDIS_CONSUMER_CONSECUTIVE_ERRORS_LIMIT` counts events that failed finally, not tries during an outage;
 * - `EVENT_BUS_REDIS_AUDIT_LOGGING_ENABLED` is off by default, because one log line per event is expensive.
 *
 * @throws InvalidOptionsError naming every setting that is malformed
 */
export function redisConsumerSettings(env: Environment): Omit<RedisConsumerOptions, 'topics' | 'groupId'> {
  const read = new SettingReader('Redis consumer', env);
  const pollMs = read.milliseconds('EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT', { least: 0.001 });
  const sleepMs = read.milliseconds('EVENT_BUS_REDIS_CONSUMER_POLL_FAILURE_SLEEP');
  const errorsLimit = read.wholeNumber('EVENT_BUS_REDIS_CONSUMER_CONSECUTIVE_ERRORS_LIMIT');
  const enabled = read.flag('EVENT_BUS_REDIS_CONSUMERS_ENABLED');
  const hasAuditLog = read.flag('EVENT_BUS_REDIS_AUDIT_LOGGING_ENABLED');
  const settings = {
    ...connectionSettings(env, read),
    ...streamMaxLength(read),
    ...(pollMs === undefined ? {} : { blockMs: pollMs }),
    ...(sleepMs === undefined ? {} : { initialBackoffMs: sleepMs }),
    ...(errorsLimit === undefined ? {} : { maxConsecutiveFailures: noneAtZero(errorsLimit) }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(hasAuditLog === undefined ? {} : { auditLog: hasAuditLog }),
  };
  read.end();
  return settings;
}

function connectionSettings(
  env: Environment,
  read: SettingReader,
): Pick<RedisProducerOptions, 'url' | 'topicPrefix' | 'allowInsecure'> {
  const allowInsecure = read.flag('EVENT_BUS_REDIS_ALLOW_INSECURE');
  return {
    url: env.EVENT_BUS_REDIS_CONNECTION_URL ?? '',
    topicPrefix: env.EVENT_BUS_TOPIC_PREFIX,
    ...(allowInsecure === undefined ? {} : { allowInsecure }),
  };
}

function streamMaxLength(read: SettingReader): { readonly streamMaxLength?: number } {
  const length = read.wholeNumber('EVENT_BUS_REDIS_STREAM_MAX_LEN');
  return length === undefined ? {} : { streamMaxLength: noneAtZero(length) };
}

/** Zero means no limit. */
function noneAtZero(limit: number): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : limit;
}
