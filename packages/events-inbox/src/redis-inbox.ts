import { randomUUID } from 'node:crypto';
import { InfrastructureError } from '@openedx-ts/events-core';
import { durationMs, requiredText, resolveOptions } from '@openedx-ts/events-core/bus';
import type { Inbox, InboxKey } from './inbox.js';
import { type InboxOptions, inboxOptionRules } from './inbox-options.js';

/** The part of a Redis client that is used: that of ioredis. */
export interface RedisInboxClient {
  call(command: string, ...args: string[]): Promise<unknown>;
}

/** What `redisInbox` is told. */
export interface RedisInboxOptions extends InboxOptions {
  /** In front of the keys. @defaultValue 'inbox:' */
  readonly keyPrefix?: string;
  /**
   * How long an event stays with a process that died while handling it. Longer than the receiver may take, or it may
   * run twice at once. @defaultValue 300000
   */
  readonly leaseMs?: number;
}

/**
 * Remembers in Redis, for all processes. Redis has no part in what the receiver does: a process that dies between the
 * effect and the note of it leads to a second effect, once its lease has run out. A Redis that goes away in between does
 * not, while the process lives and the event comes to it again.
 *
 * @param client stays open; it is the caller's
 * @throws InvalidOptionsError
 */
export function redisInbox(client: RedisInboxClient, options: RedisInboxOptions = {}): Inbox<undefined> {
  const { ttlMs, keyPrefix, leaseMs } = resolveOptions<Required<RedisInboxOptions>>('redisInbox', options, {
    ...inboxOptionRules,
    keyPrefix: { ...requiredText(), defaultValue: 'inbox:' },
    leaseMs: durationMs(300_000),
  });
  const ask = async (command: string, ...args: string[]): Promise<unknown> => {
    try {
      return await client.call(command, ...args);
    } catch (cause) {
      throw new InfrastructureError('the inbox in Redis cannot be asked', { cause });
    }
  };

  const note = async (name: string): Promise<void> => {
    await ask('SET', name, HANDLED, ...(ttlMs === Number.POSITIVE_INFINITY ? [] : ['PX', String(ttlMs)]));
  };
  /** Handled by this process, and Redis does not know it yet. */
  const unnoted = new Set<string>();

  return {
    handle: async (key, run) => {
      const name = keyPrefix + nameOf(key);
      if (unnoted.has(name)) {
        await note(name);
        unnoted.delete(name);
        return false;
      }
      const token = randomUUID();
      if ((await ask('SET', name, token, 'NX', 'PX', String(leaseMs))) === null) {
        if ((await ask('GET', name)) === HANDLED) return false;
        throw new InfrastructureError(
          `event ${key.id} is in the hands of another process, or of one that died`,
        );
      }
      try {
        await run(undefined);
      } catch (error) {
        await ask('EVAL', GIVE_BACK, '1', name, token).catch(() => {}); // else its lease runs out
        throw error;
      }
      unnoted.add(name);
      await note(name);
      unnoted.delete(name);
      return true;
    },
  };
}

const HANDLED = 'handled';
const GIVE_BACK = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

function nameOf({ groupId, receiver, source, id }: InboxKey): string {
  return [groupId, receiver, source, id].map(encodeURIComponent).join(':');
}
