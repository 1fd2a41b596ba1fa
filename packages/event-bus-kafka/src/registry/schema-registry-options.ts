import { InvalidOptionsError, type Issue } from '@openedx-ts/events-core';
import {
  anything,
  count,
  durationMs,
  flag,
  isLoopback,
  type OptionRules,
  resolveOptions,
} from '@openedx-ts/events-core/bus';
import type { KafkaTlsOptions } from '../security/kafka-tls-options.js';
import { tlsIssues } from '../security/tls-issues.js';

/** The credentials for the registry. */
export type SchemaRegistryAuth =
  | { readonly username: string; readonly password: string }
  /** The token, or a function that returns it and is called for each request. */
  | { readonly token: string | (() => string | Promise<string>) };

/** How to reach a schema registry with the Confluent API. */
export interface SchemaRegistryOptions {
  /** The URL, with the path of the API where there is one: `https://registry:8081`, `http://apicurio/apis/ccompat/v7`. */
  readonly url: string;
  /** Key and secret, or a token. @defaultValue no credentials */
  readonly auth?: SchemaRegistryAuth | undefined;
  /** Certificates. @defaultValue none: an `https` registry is verified with the authorities that Node trusts */
  readonly tls?: KafkaTlsOptions | undefined;
  /** Allows credentials to be sent to another machine without TLS. @defaultValue that of the client, which is false */
  readonly allowInsecure?: boolean;
  /** Registers schemas that the registry does not have; with false they are only looked up. @defaultValue true */
  readonly autoRegister?: boolean;
  /** A directory that stores ids and schemas for use while the registry is unreachable. @defaultValue none */
  readonly cacheDirectory?: string | undefined;
  /** Maximum time to wait for a response, in milliseconds. @defaultValue 5000 */
  readonly requestTimeoutMs?: number;
  /** Maximum size of a response, in bytes. @defaultValue 5000000 */
  readonly maxResponseBytes?: number;
}

export type ResolvedSchemaRegistryOptions = Required<SchemaRegistryOptions>;

/**
 * Checks and completes the options of a registry.
 *
 * @throws InvalidOptionsError with every issue
 */
export function resolveSchemaRegistryOptions(
  options: SchemaRegistryOptions,
): Readonly<ResolvedSchemaRegistryOptions> {
  const issues: Issue[] = [];
  let resolved: Readonly<ResolvedSchemaRegistryOptions> | undefined;
  try {
    resolved = resolveOptions('schema registry', options, rules);
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    issues.push(...error.issues);
  }
  issues.push(...tlsIssues(options.tls), ...exposureIssues(options));
  if (resolved === undefined || issues.length > 0) throw new InvalidOptionsError('schema registry', issues);
  return resolved;
}

const rules: OptionRules<ResolvedSchemaRegistryOptions> = {
  url: { problem: urlProblem },
  auth: { defaultValue: undefined, problem: authProblem },
  tls: anything(undefined),
  allowInsecure: flag(false),
  autoRegister: flag(true),
  cacheDirectory: {
    defaultValue: undefined,
    problem: (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a path'),
  },
  requestTimeoutMs: durationMs(5_000),
  maxResponseBytes: count(1_000, 5_000_000),
};

/** Credentials belong in `auth`: URLs are logged. */
function urlProblem(value: unknown): string | undefined {
  const url = urlOf(value);
  if (url === undefined) {
    return 'must be an http(s) URL such as https://registry:8081 (EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL)';
  }
  return url.username !== '' || url.password !== '' ? 'must have no user and password: use auth' : undefined;
}

function authProblem(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null) {
    const { username, password, token, ...others } = value as Record<string, unknown>;
    const isBasic = typeof username === 'string' && username !== '' && typeof password === 'string';
    const isBearer = typeof token === 'function' || (typeof token === 'string' && token !== '');
    const isOne = isBasic ? token === undefined : isBearer && username === undefined;
    if (isOne && Object.keys(others).length === 0) return undefined;
  }
  return 'must be { username, password } or { token }';
}

function exposureIssues({ url, auth, allowInsecure }: SchemaRegistryOptions): readonly Issue[] {
  const parsed = urlOf(url);
  if (parsed?.protocol !== 'http:' || auth === undefined || allowInsecure || isLoopback(parsed.hostname)) {
    return [];
  }
  const message = `it sends credentials to ${parsed.hostname} in the clear: use https, or set allowInsecure`;
  return [{ path: 'auth', message }];
}

function urlOf(value: unknown): URL | undefined {
  if (typeof value !== 'string' || !/^https?:\/\//.test(value)) return undefined;
  try {
    return new URL(value);
  } catch {
    return undefined;
  }
}
