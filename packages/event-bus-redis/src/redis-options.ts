import { type ConsumerOptions, InvalidOptionsError, type ProducerOptions } from '@openedx-ts/events-core';
import {
  anything,
  consumerOptionRules,
  count,
  durationMs,
  flag,
  type OptionRule,
  type OptionRules,
  oneOf,
  producerOptionRules,
  type ResolvedConsumerOptions,
  type ResolvedProducerOptions,
  resolveOptions,
} from '@openedx-ts/events-core/bus';
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
  /**
   * What may be trimmed. `'length'`: the oldest, whoever still needs them, as the Python bus does. `'acknowledged'`: only
   * what every group has read and acknowledged. A stream then grows, and with it the memory of Redis, while a group is
   * behind or was abandoned, with a warning above `streamMaxLength`; `XGROUP DESTROY` ends a group that nobody needs.
   * All producers of a topic have to agree: one that trims by length does so for all. @defaultValue 'length'
   */
  readonly trim?: 'length' | 'acknowledged';
  /** How often a stream that is written to is looked at with `trim: 'acknowledged'`. @defaultValue 15000 */
  readonly trimEveryMs?: number;
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
  /**
   * Entries that the producers trim their streams to, so that this group can tell how close it comes to losing some;
   * `Infinity` where they do not trim. @defaultValue 10000
   */
  readonly streamMaxLength?: number;
  /** With this share of `streamMaxLength` left before unread entries are trimmed, a warning is logged. @defaultValue 0.2 */
  readonly trimWarningRatio?: number;
  /**
   * Only one member of the group works on a stream at a time, so that its order is kept; the others stand by and take
   * over when it stops or dies. All members of a group have to agree. @defaultValue false
   */
  readonly singleActive?: boolean;
  /**
   * How long the member at work may be silent before another takes over, with `singleActive`. Longer than anything that
   * keeps this process from doing anything at all. @defaultValue 15000
   */
  readonly leaseMs?: number;
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
  allowInsecure: flag(false),
  connectTimeoutMs: durationMs(5_000),
  commandTimeoutMs: durationMs(4_000),
  clientOptions: anything(undefined),
};

const producerRules: OptionRules<ResolvedRedisProducerOptions> = {
  ...producerOptionRules,
  ...clientRules,
  streamMaxLength: count(1, 10_000, { allowInfinity: true }),
  trim: oneOf(['length', 'acknowledged'], 'length'),
  trimEveryMs: count(1, 15_000),
};

const consumerRules: OptionRules<ResolvedRedisConsumerOptions> = {
  ...consumerOptionRules,
  ...clientRules,
  consumerName: {
    defaultValue: undefined,
    problem: (value) =>
      typeof value === 'string' && value !== '' ? undefined : 'must be a text that is not empty',
  },
  batchSize: count(1, 100),
  blockMs: count(1, 2_000),
  claimIdleMs: count(1, 60_000),
  claimEveryMs: count(1, 15_000),
  streamMaxLength: count(1, 10_000, { allowInfinity: true }),
  trimWarningRatio: {
    defaultValue: 0.2,
    problem: (value) =>
      typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'must be a number from 0 to 1',
  },
  singleActive: flag(false),
  leaseMs: count(100, 15_000),
};

/** All options of a consumer, for those who look for the one that was meant. */
export const consumerOptionNames: readonly string[] = Object.keys(consumerRules);

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
      message: `it sends a password to ${host} in the clear: use rediss://, or set allowInsecure (EVENT_BUS_REDIS_ALLOW_INSECURE)`,
    },
  ]);
}
