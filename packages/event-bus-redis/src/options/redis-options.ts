import {
  type ConsumerOptions,
  InvalidOptionsError,
  type Issue,
  type ProducerOptions,
} from '@openedx-ts/events-core';
import {
  anything,
  consumerOptionRules,
  count,
  durationMs,
  flag,
  isLoopback,
  type OptionRule,
  type OptionRules,
  oneOf,
  producerOptionRules,
  type ResolvedConsumerOptions,
  type ResolvedProducerOptions,
  resolveOptions,
} from '@openedx-ts/events-core/bus';
import { nodeAddress } from '../driver/node-address.js';
import { redisAddress } from '../driver/redis-address.js';
import { driverOptionsIssues, type RedisDriverOptions } from '../driver/redis-driver-options.js';
import { primaryAt, type RedisServer, sentinelsOf } from '../driver/redis-server.js';
import { type AcceptedBy, acceptedByRule } from './accepted-by.js';

/** How to connect to Redis. */
export interface RedisClientOptions {
  /** `redis://user:password@host:port/db`, `rediss://…` for TLS, or the path of a socket. */
  readonly url: string;
  /**
   * `true` where the URL names a node of a Redis Cluster, which shows where the others are; or further nodes as
   * `host:port`, that are asked when that one is unreachable. @defaultValue false
   */
  readonly cluster?: boolean | readonly string[];
  /** Send a password to another machine without TLS. @defaultValue false */
  readonly allowInsecure?: boolean;
  /** Maximum time to connect and log in, in milliseconds. @defaultValue 5000 */
  readonly connectTimeoutMs?: number;
  /** Maximum time to wait for a reply, in milliseconds; after that the connection is closed. @defaultValue 4000 */
  readonly commandTimeoutMs?: number;
  /** Further options of ioredis, such as `tls` with a CA of your own. @defaultValue none */
  readonly clientOptions?: RedisDriverOptions | undefined;
}

/** Options of `RedisEventBusProducer`. */
export interface RedisProducerOptions extends ProducerOptions, RedisClientOptions {
  /** Number of entries that a stream is trimmed to, approximately; `Infinity` for no trimming. @defaultValue 10000 */
  readonly streamMaxLength?: number;
  /**
   * Which entries may be trimmed. `'length'`: the oldest ones, even if a group still needs them, as the Python bus does.
   * `'acknowledged'`: only those that every group has read and acknowledged. While a group is behind or abandoned, a
   * stream then grows, and with it the memory of Redis; above `streamMaxLength` a warning is logged. Remove a group that
   * nobody needs with `XGROUP DESTROY`. All producers of a topic must agree, because one that trims by length trims for
   * all. @defaultValue 'length'
   */
  readonly trim?: 'length' | 'acknowledged';
  /**
   * Who must have an event before it counts as accepted. With `{ replicas: n, timeoutMs }` each write waits until so many
   * replicas have it (`WAIT`). When fewer have it in time, the event may have been accepted: `ProduceFailedError` with
   * `outcome: 'unknown'`, not `retryable`. That makes losing accepted events in a failover unlikely, and not impossible:
   * a replica that does not have them may be promoted. @defaultValue 'primary'
   */
  readonly acceptedBy?: AcceptedBy;
  /** Minimum time between two trims of a stream with `trim: 'acknowledged'`, in milliseconds. @defaultValue 15000 */
  readonly trimEveryMs?: number;
  /**
   * Largest event in bytes, with key and headers; a larger one is refused before it is sent. At or below the
   * `proto-max-bulk-len` of the server. @defaultValue 536870912
   */
  readonly maxMessageBytes?: number;
}

/** Options of `RedisEventBusConsumer`. */
export interface RedisConsumerOptions extends ConsumerOptions, RedisClientOptions {
  /** The name of this member, unique in its group. @defaultValue host name, process id and a random part */
  readonly consumerName?: string | undefined;
  /** Maximum number of entries of one read. @defaultValue 100 */
  readonly batchSize?: number;
  /** Maximum time that a read blocks for new entries, in milliseconds. @defaultValue 2000 */
  readonly blockMs?: number;
  /** Idle time in milliseconds after which entries that another member has not acknowledged are claimed. @defaultValue 60000 */
  readonly claimIdleMs?: number;
  /** How often to claim such entries, and to check streams for trimmed events, in milliseconds. @defaultValue 15000 */
  readonly claimEveryMs?: number;
  /**
   * Number of entries that the producers trim their streams to, to warn when this group is close to losing some;
   * `Infinity` where they do not trim. @defaultValue 10000
   */
  readonly streamMaxLength?: number;
  /**
   * A warning is logged when less than this share of `streamMaxLength` is left before unread entries are trimmed.
   * @defaultValue 0.2
   */
  readonly trimWarningRatio?: number;
  /**
   * Only one member of the group at a time processes a stream, so that the order of events is kept; the others stand by
   * until it stops or dies. All members of a group must agree. @defaultValue false
   */
  readonly singleActive?: boolean;
  /**
   * With `singleActive`: how long a member holds a stream without renewing its lease, in milliseconds. Must be longer than
   * anything that blocks the event loop of this process. @defaultValue 15000
   */
  readonly leaseMs?: number;
}

/** Options of a producer, checked, with defaults. */
export type ResolvedRedisProducerOptions = ResolvedProducerOptions & Required<RedisProducerOptions>;
/** Options of a consumer, checked, with defaults. */
export type ResolvedRedisConsumerOptions = ResolvedConsumerOptions & Required<RedisConsumerOptions>;

/**
 * Checks the options of a producer and adds defaults.
 *
 * @throws InvalidOptionsError with every issue
 */
export function resolveProducerOptions(
  options: RedisProducerOptions,
): Readonly<ResolvedRedisProducerOptions> {
  return checkedUrl('Redis producer', resolveOptions('Redis producer', options, producerRules));
}

/**
 * Checks the options of a consumer and adds defaults.
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
  cluster: {
    defaultValue: false,
    problem: (value) => {
      if (typeof value === 'boolean') return undefined;
      const isList = Array.isArray(value) && value.length > 0;
      return isList && value.every((text) => typeof text === 'string' && nodeAddress(text) !== undefined)
        ? undefined
        : 'must be true, false or a list of host:port';
    },
  },
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
  acceptedBy: acceptedByRule,
  trimEveryMs: count(1, 15_000),
  maxMessageBytes: count(1, 512 * 1024 * 1024),
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

/** The names of all options of a consumer, to suggest one for a misspelled name. */
export const consumerOptionNames: readonly string[] = Object.keys(consumerRules);

/** Refuses options that would send credentials over a network in clear text. Connections are checked again when made. */
function checkedUrl<T extends Required<RedisClientOptions>>(subject: string, options: T): T {
  const { url, clientOptions, allowInsecure, cluster } = options;
  const issues = [...driverOptionsIssues(clientOptions)];
  const address = redisAddress(url);
  if (issues.length === 0 && !('problem' in address)) {
    const sentinels = sentinelsOf(address, clientOptions);
    if (sentinels.length > 0 && address.path !== undefined)
      issues.push({
        path: 'url',
        message: 'names a socket, and clientOptions names Sentinels: use one of them',
      });
    if (cluster !== false && (sentinels.length > 0 || address.path !== undefined))
      issues.push({ path: 'cluster', message: 'is given beside Sentinels or a socket: use one of them' });
    // Where the primary is, only the Sentinels know.
    const servers = sentinels.length > 0 ? sentinels : [primaryAt(address, address, clientOptions)];
    const exposed = servers.find(
      ({ tls, needsProtection, path, host }) =>
        tls === undefined && needsProtection && path === undefined && !isLoopback(host),
    );
    if (exposed !== undefined && !allowInsecure) issues.push(exposureIssue(exposed));
  }
  if (issues.length > 0) throw new InvalidOptionsError(subject, issues);
  return options;
}

function exposureIssue({ kind, host }: RedisServer): Issue {
  if (kind === 'Redis') {
    const cure = 'use rediss://, or set allowInsecure (EVENT_BUS_REDIS_ALLOW_INSECURE)';
    return { path: 'url', message: `it would send a password to ${host} unencrypted: ${cure}` };
  }
  const cure =
    'use rediss:// or clientOptions.sentinelTLS, or set allowInsecure (EVENT_BUS_REDIS_ALLOW_INSECURE)';
  return {
    path: 'clientOptions.sentinels',
    message: `the connection to the Sentinel at ${host} would not be encrypted: ${cure}`,
  };
}
