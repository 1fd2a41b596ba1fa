import { redisAddress } from '../driver/redis-address.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import type { RedisClientOptions } from '../options/redis-options.js';
import type { AskRedis } from './ask-redis.js';

/** What every check of `diagnose` and `lag` works with. */
export interface RedisView {
  readonly ask: AskRedis;
  readonly connection: RedisConnection;
  /** Host, port and database, or path; without user and password. */
  readonly address: string;
  readonly topicPrefix: string | undefined;
  /** Number of entries that producers trim streams to; `Infinity` for no trimming. */
  readonly maxLength: number;
}

/** Where Redis is, for messages: the address of a URL without user and password, or the name that Sentinels know. */
export function addressText({
  url,
  clientOptions,
}: Pick<RedisClientOptions, 'url' | 'clientOptions'>): string {
  if (clientOptions?.sentinels !== undefined) return `the primary ${clientOptions.name} (by Sentinel)`;
  const address = redisAddress(url);
  if ('problem' in address) return 'Redis';
  const { host, port, path, isTls, db } = address;
  const database = db === 0 ? '' : `, database ${db}`;
  return `${path ?? `${host}:${port}`}${isTls ? ' (TLS)' : ''}${database}`;
}
