import type { ConnectionOptions } from 'node:tls';
import type { Issue } from '@openedx-ts/events-core';
import { nearestName } from '@openedx-ts/events-core/bus';
import type { RedisOptions } from 'ioredis';

/**
 * The options of ioredis that users may set. The others decide whether events may be lost or duplicated. With `rediss://`
 * or `tls`, every connection is encrypted, those to the Sentinels included.
 */
export interface RedisDriverOptions
  extends Pick<
    RedisOptions,
    'family' | 'keepAlive' | 'name' | 'natMap' | 'sentinelPassword' | 'sentinels' | 'sentinelUsername' | 'tls'
  > {
  /**
   * TLS to the Sentinels, where it differs from `tls`; `false` for Sentinels without TLS, which on another machine needs
   * `allowInsecure`. @defaultValue `tls` without its `servername`; with `rediss://` and no `tls`, what Node trusts
   */
  readonly sentinelTLS?: ConnectionOptions | false;
}

/** Reports what is wrong with driver options; never shows what they hold. */
export function driverOptionsIssues(given: unknown): readonly Issue[] {
  if (given === undefined) return [];
  if (!isObject(given)) return [{ path: 'clientOptions', message: 'must be an object' }];
  const issues = Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      const hint = nearest === undefined ? '' : `: did you mean ${nearest}?`;
      return { path: `clientOptions.${name}`, message: `unknown option${hint}` };
    });
  const add = (name: string, message: string) => issues.push({ path: `clientOptions.${name}`, message });
  const { tls, sentinelTLS, sentinels, name } = given as RedisDriverOptions;
  if (tls !== undefined && !isObject(tls)) add('tls', 'must be an object of TLS options, such as { ca }');
  if (sentinelTLS !== undefined && sentinelTLS !== false && !isObject(sentinelTLS))
    add('sentinelTLS', 'must be an object of TLS options, or false');
  if (sentinels === undefined) return issues;
  if (!Array.isArray(sentinels) || sentinels.length === 0 || !sentinels.every(isSentinel))
    add('sentinels', 'must be a list of { host, port }');
  if (typeof name !== 'string' || name === '')
    add('name', 'is required with sentinels: the name of the primary, as the Sentinels know it');
  return issues;
}

const known: readonly string[] = [
  'family',
  'keepAlive',
  'name',
  'natMap',
  'sentinelPassword',
  'sentinels',
  'sentinelTLS',
  'sentinelUsername',
  'tls',
];

function isSentinel(value: unknown): boolean {
  const { host, port = 26_379 } = Object(value) as { readonly host?: unknown; readonly port?: unknown };
  return typeof host === 'string' && host !== '' && Number.isInteger(port);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
