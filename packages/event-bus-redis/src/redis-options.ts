import {
  anything,
  type ConsumerOptions,
  consumerOptionRules,
  count,
  durationMs,
  InvalidOptionsError,
  type OptionRule,
  type OptionRules,
  type ProducerOptions,
  producerOptionRules,
  type ResolvedConsumerOptions,
  type ResolvedProducerOptions,
  resolveOptions,
} from '@openedx-ts/events-core';
import type { RedisDriverOptions } from './connect-redis.js';
import { redisAddress } from './redis-address.js';

/** How to reach Redis. */
export interface RedisClientOptions {
  /** `redis://user:password@host:port/db`, `rediss://…` for TLS, or the path of a socket. */
  readonly url: string;
  /** Send a password to another machine without TLS. @defaultValue false */
  readonly allowInsecure?: boolean;
  /** Longest wait for a connection. @defaultValue 5000 */
  readonly connectTimeoutMs?: number;
  /** Longest wait for an answer; then the connection counts as dead. @defaultValue 4000 */
  readonly commandTimeoutMs?: number;
  /** Further settings of ioredis, such as `tls` with a CA of your own. @defaultValue none */
  readonly clientOptions?: RedisDriverOptions | undefined;
}

/** Options of `RedisEventBusProducer`. */
export interface RedisProducerOptions extends ProducerOptions, RedisClientOptions {
  /** Entries a stream is trimmed to, about; `Infinity` for no trimming. @defaultValue 10000 */
  readonly streamMaxLength?: number;
}

/** Options of `RedisEventBusConsumer`. */
export interface RedisConsumerOptions extends ConsumerOptions, RedisClientOptions {
  /** The name of this member; unique in its group. @defaultValue host name, process id and a random part */
  readonly consumerName?: string | undefined;
  /** Entries that are read at once. @defaultValue 100 */
  readonly batchSize?: number;
  /** How long a read waits for entries. @defaultValue 2000 */
  readonly blockMs?: number;
  /** Entries that another member has not finished for that long are taken over. @defaultValue 60000 */
  readonly claimIdleMs?: number;
  /** How often to look for such entries, and for trouble with the stream. @defaultValue 15000 */
  readonly claimEveryMs?: number;
}

export type ResolvedRedisProducerOptions = ResolvedProducerOptions & Required<RedisProducerOptions>;
export type ResolvedRedisConsumerOptions = ResolvedConsumerOptions & Required<RedisConsumerOptions>;

/**
 * Checks and completes the options of a producer.
 *
 * @throws InvalidOptionsError with every issue
 */
export function resolveProducerOptions(
  options: RedisProducerOptions,
): Readonly<ResolvedRedisProducerOptions> {
  return checkedUrl('Redis producer', resolveOptions('Redis producer', options, producerRules));
}

/**
 * Checks and completes the options of a consumer.
 *
 * @throws InvalidOptionsError with every issue
 */
export function resolveConsumerOptions(
  options: RedisConsumerOptions,
): Readonly<ResolvedRedisConsumerOptions> {
  return checkedUrl('Redis consumer', resolveOptions('Redis consumer', options, consumerRules));
}

const urlRule: OptionRule<string> = {
  problem: (value) => {
    const address = redisAddress(typeof value === 'string' ? value : '');
    return 'problem' in address ? address.problem : undefined;
  },
};

const clientRules: OptionRules<Required<RedisClientOptions>> = {
  url: urlRule,
  allowInsecure: {
    defaultValue: false,
    problem: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
  },
  connectTimeoutMs: durationMs(5_000),
  commandTimeoutMs: durationMs(4_000),
  clientOptions: anything(undefined),
};

const producerRules: OptionRules<ResolvedRedisProducerOptions> = {
  ...producerOptionRules,
  ...clientRules,
  streamMaxLength: count(1, 10_000, { allowInfinity: true }),
};

const consumerRules: OptionRules<ResolvedRedisConsumerOptions> = {
  ...consumerOptionRules,
  ...clientRules,
  consumerName: anything(undefined),
  batchSize: count(1, 100),
  blockMs: count(1, 2_000),
  claimIdleMs: count(1, 60_000),
  claimEveryMs: count(1, 15_000),
};

/** A password must not cross the network in the clear. */
function checkedUrl<T extends Required<RedisClientOptions>>(subject: string, options: T): T {
  const address = redisAddress(options.url);
  if ('problem' in address || options.allowInsecure || options.clientOptions?.tls) return options;
  const { host, path, isTls, password } = address;
  const isLoopback = /^(?:localhost|::1|127\.[\d.]+)$/i.test(host);
  if (password === '' || isTls || isLoopback || path !== undefined) return options;
  throw new InvalidOptionsError(subject, [
    {
      path: 'url',
      message: `it sends a password to ${host} in the clear: use rediss://, or set allowInsecure`,
    },
  ]);
}
