import { randomUUID } from 'node:crypto';
import { InfrastructureError } from '@openedx-ts/events-core';
import { type OptionRule, reasonOf, requiredText, resolveOptions } from '@openedx-ts/events-core/bus';
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
   * How long an event stays claimed by a process that died while processing it, in milliseconds, less than `Infinity`. Must
   * be longer than the receiver takes; otherwise the receiver may run twice concurrently. @defaultValue 300000
   */
  readonly leaseMs?: number;
}

/**
 * Creates an inbox that remembers events in Redis, for all processes. The effect of the receiver and the inbox are not
 * one transaction: a process that dies after the effect and before the inbox has stored it causes a second effect when
 * its lease has expired. If only Redis is unreachable at that time, there is no second effect in the same process.
 *
 * @param client belongs to the caller, who closes it
 * @throws InvalidOptionsError
 */
export function redisInbox(client: RedisInboxClient, options: RedisInboxOptions = {}): Inbox<undefined> {
  const { ttlMs, keyPrefix, leaseMs } = resolveOptions<Required<RedisInboxOptions>>('redisInbox', options, {
    ...inboxOptionRules,
    keyPrefix: { ...requiredText(), defaultValue: 'inbox:' },
    leaseMs: leaseRule,
  });
  const expiry = Number.isSafeInteger(expiresInMs(ttlMs)) ? ['PX', String(expiresInMs(ttlMs))] : [];
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
    await call('SET', name, PROCESSED, ...expiry);
  };
  /** Keys of events that this process has processed and not stored yet. Another process may get the event next. */
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
      if ((await call('SET', name, token, 'NX', 'PX', String(expiresInMs(leaseMs)))) === null) {
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
      for (const oldest of unstored) {
        if (unstored.size <= MAX_UNSTORED) break;
        unstored.delete(oldest);
      }
      await store(name);
      unstored.delete(name);
      return true;
    },
  };
}

/** So many events at most are remembered while Redis is unreachable. */
const MAX_UNSTORED = 10_000;

/** The event of a process that died would wait for ever. */
const leaseRule: OptionRule<number> = {
  defaultValue: 300_000,
  problem: (value) =>
    typeof value === 'number' && value > 0 && Number.isSafeInteger(expiresInMs(value))
      ? undefined
      : 'must be a number of milliseconds, more than 0 and less than Infinity',
};

/** Redis accepts whole numbers from 1. */
function expiresInMs(durationMs: number): number {
  return Math.max(1, Math.ceil(durationMs));
}

/** The value of a key after processing; stored in Redis, so it must not change. */
const PROCESSED = 'handled';
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

function nameOf({ groupId, receiver, source, id }: InboxKey): string {
  return [groupId, receiver, source, id].map(encodeURIComponent).join(':');
}
