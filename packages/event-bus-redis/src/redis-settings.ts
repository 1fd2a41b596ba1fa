import type { Environment, ProducerOptions } from '@openedx-ts/events-core';
import type { RedisConsumerOptions, RedisProducerOptions } from './redis-options.js';

/**
 * A producer's options from the environment, under the names of the Python bus. Reads nothing but `env`.
 * `EVENT_BUS_REDIS_STREAM_MAX_LEN` may be `0` here: no trimming.
 */
export function redisProducerSettings(env: Environment): RedisProducerOptions {
  const maxLength = env.EVENT_BUS_REDIS_STREAM_MAX_LEN;
  return {
    ...connectionSettings(env),
    ...(maxLength
      ? { streamMaxLength: maxLength === '0' ? Number.POSITIVE_INFINITY : Number(maxLength) }
      : {}),
  };
}

/** A consumer's options from the environment, besides its topics and group. */
export function redisConsumerSettings(env: Environment): Omit<RedisConsumerOptions, 'topics' | 'groupId'> {
  const pollSeconds = env.EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT;
  return {
    ...connectionSettings(env),
    ...(pollSeconds ? { blockMs: Math.round(Number(pollSeconds) * 1_000) } : {}),
  };
}

function connectionSettings(
  env: Environment,
): { readonly url: string } & Pick<ProducerOptions, 'topicPrefix'> {
  return {
    url: env.EVENT_BUS_REDIS_CONNECTION_URL ?? '',
    topicPrefix: env.EVENT_BUS_TOPIC_PREFIX,
  };
}
