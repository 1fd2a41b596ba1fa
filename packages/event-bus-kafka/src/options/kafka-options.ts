import type { SchemaRegistry } from '@openedx-ts/events-avro';
import { InvalidOptionsError, type Issue, type ProducerOptions } from '@openedx-ts/events-core';
import {
  anything,
  count,
  durationMs,
  flag,
  fullTopicName,
  isLoopback,
  type OptionRule,
  type OptionRules,
  oneOf,
  producerOptionRules,
  type ResolvedProducerOptions,
  requiredText,
  resolveOptions,
} from '@openedx-ts/events-core/bus';
import { type Compression, compressions } from '../driver/compression/compression.js';
import { hasZstd } from '../driver/compression/has-zstd.js';
import {
  type ResolvedSchemaRegistryOptions,
  resolveSchemaRegistryOptions,
  type SchemaRegistryOptions,
} from '../registry/schema-registry-options.js';
import type { KafkaSaslOptions } from '../security/kafka-sasl-options.js';
import type { KafkaTlsOptions } from '../security/kafka-tls-options.js';
import { saslIssues } from '../security/sasl-issues.js';
import { tlsIssues } from '../security/tls-issues.js';
import { kafkaTopicProblem } from './kafka-topic-problem.js';

/** How to reach Kafka and the schema registry. */
export interface KafkaClientOptions {
  /** `host[:port]` of some brokers, as a list or with commas; port 9092 where none is given. */
  readonly bootstrapServers: string | readonly string[];
  /** Where schemas are, or a registry of your own. */
  readonly schemaRegistry: SchemaRegistryOptions | SchemaRegistry;
  /** Shown in the broker's logs and metrics. @defaultValue 'openedx-events' */
  readonly clientId?: string | undefined;
  /** Encrypts; `true` trusts the authorities Node trusts. @defaultValue false */
  readonly tls?: boolean | KafkaTlsOptions;
  /** Who we are. @defaultValue nobody */
  readonly sasl?: KafkaSaslOptions | undefined;
  /** Send credentials to another machine without TLS. @defaultValue false */
  readonly allowInsecure?: boolean;
  /** Longest wait for a connection to a broker. @defaultValue 5000 */
  readonly connectTimeoutMs?: number;
  /** Longest wait for a broker's answer; then the connection counts as dead. @defaultValue 10000 */
  readonly requestTimeoutMs?: number;
}

/** Options of `KafkaEventBusProducer`. */
export interface KafkaProducerOptions extends ProducerOptions, KafkaClientOptions {
  /**
   * How a key chooses its partition: `'crc32'` as Python and other librdkafka clients, `'murmur2'` as Java and kafkajs.
   * All producers of a topic must agree, or events of one key lose their order. @defaultValue 'crc32'
   */
  readonly partitioner?: 'crc32' | 'murmur2';
  /**
   * How the events that are sent together are compressed: `'none'`, `'gzip'`, `'snappy'`, `'lz4'` or `'zstd'`, each at its
   * default level. Every consumer of the topic must be able to read it. zstd needs Node 22.15 or newer, or the package
   * `@bokuweb/zstd-wasm`. @defaultValue 'none'
   */
  readonly compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  /**
   * Largest message and request in bytes, before they are compressed; keep it at or below the topic's `max.message.bytes`.
   * @defaultValue 1000000
   */
  readonly maxMessageBytes?: number;
  /** Ask brokers to create topics that do not exist; they may be set not to. @defaultValue true */
  readonly allowAutoTopicCreation?: boolean;
  /**
   * Have brokers recognise an event that is sent again because the answer to it was lost, so that they store it once. Where
   * the user lacks the right (`IdempotentWrite` on the cluster, for brokers before Kafka 2.8 or a user who may write to no
   * topic), a warning is logged and events are sent without it. @defaultValue true
   */
  readonly idempotent?: boolean;
}

/** The values of `partitioner`. */
export const partitioners = ['crc32', 'murmur2'] as const;

/** Client options after checks and defaults. */
export interface ResolvedKafkaClientOptions extends Required<KafkaClientOptions> {
  readonly bootstrapServers: readonly string[];
  readonly schemaRegistry: ResolvedSchemaRegistryOptions | SchemaRegistry;
}

export type ResolvedKafkaProducerOptions = ResolvedKafkaClientOptions &
  ResolvedProducerOptions &
  Required<Omit<KafkaProducerOptions, keyof KafkaClientOptions>>;

/**
 * Checks and completes the options of a producer.
 *
 * @throws InvalidOptionsError with every issue
 */
export function resolveProducerOptions(
  options: KafkaProducerOptions,
): Readonly<ResolvedKafkaProducerOptions> {
  return resolveKafkaOptions<ResolvedKafkaProducerOptions>(
    'Kafka producer',
    options,
    producerRules,
    prefixIssues(options),
  );
}

/** Without this check a producer would start, and each of its events would be refused. */
function prefixIssues({ topicPrefix }: KafkaProducerOptions): readonly Issue[] {
  const problem =
    typeof topicPrefix === 'string' ? kafkaTopicProblem(fullTopicName('t', topicPrefix)) : undefined;
  return problem === undefined
    ? []
    : [{ path: 'topicPrefix', message: `${problem} (EVENT_BUS_TOPIC_PREFIX)` }];
}

/**
 * Checks and completes options that have those of a client among them, whose parts and dependencies it looks into.
 *
 * @param related issues that the caller found between options, to be reported with the others
 * @throws InvalidOptionsError with every issue
 */
export function resolveKafkaOptions<T extends ResolvedKafkaClientOptions>(
  subject: string,
  given: object,
  rules: OptionRules<T>,
  related: readonly Issue[] = [],
): Readonly<T> {
  const issues: Issue[] = [...related];
  const { tls, sasl, allowInsecure, schemaRegistry } = given as Partial<KafkaClientOptions>;
  const resolved = orIssues(issues, '', () => resolveOptions<T>(subject, given, rules));
  issues.push(...tlsIssues(tls), ...saslIssues(sasl));
  const registry = isOptions(schemaRegistry)
    ? orIssues(issues, 'schemaRegistry', () =>
        resolveSchemaRegistryOptions({ allowInsecure: allowInsecure === true, ...schemaRegistry }),
      )
    : schemaRegistry;
  const servers = serversOf((given as Partial<KafkaClientOptions>).bootstrapServers);
  const exposed = servers.find((server) => !isLoopback(hostOf(server)));
  if (sasl !== undefined && !tls && allowInsecure !== true && exposed !== undefined) {
    issues.push({
      path: 'sasl',
      message: `it sends credentials to ${hostOf(exposed)} in the clear: set tls, or allowInsecure`,
    });
  }
  if (resolved === undefined || issues.length > 0) throw new InvalidOptionsError(subject, issues);
  return Object.freeze({ ...resolved, bootstrapServers: servers, schemaRegistry: registry });
}

/** The rules of `KafkaClientOptions`, for `resolveKafkaOptions`. */
export const kafkaClientRules: OptionRules<ResolvedKafkaClientOptions> = {
  bootstrapServers: { problem: serversProblem } as OptionRule<readonly string[]>,
  schemaRegistry: {
    problem: (value) =>
      typeof value === 'object' && value !== null
        ? undefined
        : 'must be { url: "https://…" } or a SchemaRegistry (EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL)',
  },
  clientId: { ...requiredText(), defaultValue: 'openedx-events' },
  tls: anything(false),
  sasl: anything(undefined),
  allowInsecure: flag(false),
  connectTimeoutMs: durationMs(5_000),
  requestTimeoutMs: durationMs(10_000),
};

const producerRules: OptionRules<ResolvedKafkaProducerOptions> = {
  ...producerOptionRules,
  ...kafkaClientRules,
  partitioner: oneOf(partitioners, 'crc32'),
  compression: compressionRule(),
  maxMessageBytes: count(1, 1_000_000),
  allowAutoTopicCreation: flag(true),
  idempotent: flag(true),
};

function compressionRule(): OptionRule<Compression> {
  const rule = oneOf(compressions, 'none');
  return {
    ...rule,
    problem: (value) => {
      if (value !== 'zstd' || hasZstd()) return rule.problem(value);
      return 'zstd needs Node 22.15 or newer, or npm install @bokuweb/zstd-wasm';
    },
  };
}

/** kafkajs takes no IPv6 address and no server without a port. */
function serversProblem(value: unknown): string | undefined {
  const servers = serversOf(value);
  return servers.length > 0 && servers.every((server) => /^[^\s:/@]+:\d{1,5}$/.test(server) && isPort(server))
    ? undefined
    : 'must be host:port of at least one broker, with commas between (EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS); no URL and no IPv6 address';
}

function serversOf(value: unknown): readonly string[] {
  const given = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
  const texts = given.map((server) => String(server).trim()).filter((server) => server !== '');
  return texts.map((server) => (server.includes(':') ? server : `${server}:9092`));
}

function isPort(server: string): boolean {
  const port = Number(server.slice(server.lastIndexOf(':') + 1));
  return port >= 1 && port <= 65_535;
}

function hostOf(server: string): string {
  return server.split(':', 1)[0] as string;
}

function isOptions(value: unknown): value is SchemaRegistryOptions {
  return typeof value === 'object' && value !== null && !('schemaById' in value);
}

/** The work's result; the issues of an error that it throws are added, with the path in front. */
function orIssues<T>(issues: Issue[], path: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    for (const issue of error.issues) {
      issues.push({ ...issue, path: [path, issue.path].filter((part) => part !== '').join('.') });
    }
    return undefined;
  }
}
