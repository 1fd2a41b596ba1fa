import { randomUUID } from 'node:crypto';
import { InfrastructureError } from '@openedx-ts/events-core';
import { durationMs, reasonOf, requiredText, resolveOptions } from '@openedx-ts/events-core/bus';
import type { Inbox, InboxKey } from './inbox.js';
import { type InboxOptions, inboxOptionRules } from './inbox-options.js';

/** The part of an ioredis client that the inbox uses. */
export interface RedisInboxClient {
  call(command: string, ...args: string[]): Promise<unknown>;
}

/** Options of `redisInbox`. */
export interface RedisInboxOptions extends InboxOptions {
  /** Prefix of the keys. @defaultValue 'inbox:' */
  readonly keyPrefix?: string;
  /**
   * How long an event stays claimed by a process that died while processing it, in milliseconds. Must be longer than the
   * receiver takes; otherwise the receiver may run twice concurrently. @defaultValue 300000
   */
  readonly leaseMs?: number;
}

/**
 * Creates an inbox that remembers events in Redis, for all processes. The effect of the receiver and the inbox are not
 * one transaction: a process that dies after the effect and before the inbox has stored it causes a second effect when
 * its lease has expired. If only Redis is unreachable at that time, there is no second effect in the same process, for the
 * last 10,000 events to which this happened.
 *
 * @param client belongs to the caller, who closes it
 * @throws InvalidOptionsError
 */
export function redisInbox(client: RedisInboxClient, options: RedisInboxOptions = {}): Inbox<undefined> {
  const { ttlMs, keyPrefix, leaseMs } = resolveOptions<Required<RedisInboxOptions>>('redisInbox', options, {
    ...inboxOptionRules,
    keyPrefix: { ...requiredText(), defaultValue: 'inbox:' },
    leaseMs: durationMs(300_000),
  });
  const call = async (command: string, ...args: string[]): Promise<unknown> => {
    try {
      return await client.call(command, ...args);
    } catch (cause) {
      throw new InfrastructureError(
        `Redis, which holds the inbox, does not work (${reasonOf(cause)}); the event is tried again`,
        { cause },
      );
    }
  };

  const store = async (name: string): Promise<void> => {
    await call('SET', name, PROCESSED, ...(ttlMs === Number.POSITIVE_INFINITY ? [] : ['PX', String(ttlMs)]));
  };
  /** Keys of events that this process has processed and not stored yet, the oldest first. */
  const unstored = new Set<string>();

  return {
    handle: async (key, run) => {
      const name = keyPrefix + nameOf(key);
      if (unstored.has(name)) {
        await store(name);
        unstored.delete(name);
        return false;
      }
      const token = randomUUID();
      if ((await call('SET', name, token, 'NX', 'PX', String(leaseMs))) === null) {
        if ((await call('GET', name)) === PROCESSED) return false;
        throw new InfrastructureError(
          `event ${key.id} is being processed by another process, or by one that died: tried again until its lease expires`,
        );
      }
      try {
        await run(undefined);
      } catch (error) {
        await call('EVAL', RELEASE, '1', name, token).catch(() => {}); // otherwise the lease expires
        throw error;
      }
      unstored.add(name);
      const [oldest] = unstored;
      if (unstored.size > MAX_UNSTORED && oldest !== undefined) unstored.delete(oldest);
      await store(name);
      unstored.delete(name);
      return true;
    },
  };
}

/** More than a process has in flight: an event whose record is missing is delivered again until it is stored. */
const MAX_UNSTORED = 10_000;
/** The value of a key after processing; stored in Redis, so it must not change. */
const PROCESSED = 'handled';
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

function nameOf({ groupId, receiver, source, id }: InboxKey): string {
  return [groupId, receiver, source, id].map(encodeURIComponent).join(':');
}
