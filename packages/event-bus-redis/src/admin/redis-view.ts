import { redisAddress } from '../redis-address.js';
import type { AskRedis } from './ask-redis.js';

/** What the parts of an operator's view share. */
export interface RedisView {
  readonly ask: AskRedis;
  /** Host, port and database, or path; without user and password. */
  readonly address: string;
  readonly topicPrefix: string | undefined;
  /** Entries that producers trim streams to; `Infinity` for no trimming. */
  readonly maxLength: number;
}

/** Where a URL leads, for people: without user and password. */
export function addressText(url: string): string {
  const address = redisAddress(url);
  if ('problem' in address) return 'Redis';
  const { host, port, path, isTls, db } = address;
  const database = db === 0 ? '' : `, database ${db}`;
  return `${path ?? `${host}:${port}`}${isTls ? ' (TLS)' : ''}${database}`;
}
