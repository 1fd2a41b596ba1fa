import { InvalidOptionsError } from '@openedx-ts/events-core';
import type { AskRedis } from './ask-redis.js';

/** What the parts of an operator's view share. */
export interface RedisView {
  readonly ask: AskRedis;
  /** Host and port, or path; without user and password. */
  readonly address: string;
  readonly topicPrefix: string | undefined;
  /** Entries that producers trim streams to; `Infinity` for no trimming. */
  readonly maxLength: number;
}

/**
 * Where a URL leads, without user, password and parameters.
 *
 * @throws InvalidOptionsError when it is no URL
 */
export function addressOf(url: string): string {
  if (url.startsWith('/')) return url;
  try {
    const { protocol, hostname, port, pathname } = new URL(url);
    if (protocol === 'unix:') return pathname;
    const tls = protocol === 'rediss:' ? ' (TLS)' : '';
    return `${hostname || 'localhost'}:${port || '6379'}${pathname === '/' ? '' : pathname}${tls}`;
  } catch {
    // What URL throws holds the text, and that holds the password.
    const message = 'must be a URL such as redis://localhost:6379/0 (EVENT_BUS_REDIS_CONNECTION_URL)';
    throw new InvalidOptionsError('Redis', [{ path: 'url', message }]);
  }
}
