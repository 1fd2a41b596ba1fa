import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime, type TextCleaner } from '@openedx-ts/events-core/bus';
import type { Redis } from 'ioredis';
import { findPrimary } from './find-primary.js';
import { openClient, ServerRefusal } from './open-client.js';
import { RedisAccessError } from './redis-access-error.js';
import { type RedisAddress, redisAddress } from './redis-address.js';
import type { RedisCommand } from './redis-command.js';
import type { RedisDriverOptions } from './redis-driver-options.js';
import { primaryAt, sentinelsOf } from './redis-server.js';
import { sendLogin } from './send-login.js';

/** How to connect to Redis. */
export interface RedisConnectionOptions {
  /** `redis://`, `rediss://` or a path to a socket, with user, password and database. */
  readonly url: string;
  /** Send credentials to another machine without TLS. @defaultValue false */
  readonly allowInsecure?: boolean;
  /** Maximum time to connect and log in, in milliseconds; with Sentinels, to ask them as well. */
  readonly connectTimeoutMs: number;
  /** Maximum time to wait for the reply to a command, in milliseconds, unless the command has its own timeout. */
  readonly commandTimeoutMs: number;
  /** The name of the connection in `CLIENT LIST`. */
  readonly clientName: string;
  /** Asks for the id of the connection (`CLIENT ID`), by which another connection ends what blocks it. */
  readonly asksForId?: boolean;
  /**
   * Whether the URL names a node of a Redis Cluster; a list names more of its nodes, as `host:port`, that are asked when
   * that one is unreachable. @defaultValue false
   */
  readonly cluster?: boolean | readonly string[] | undefined;
  /** Further options of ioredis, such as `tls`. */
  readonly clientOptions?: RedisDriverOptions | undefined;
}

/**
 * Connects and logs in: to the address of the URL, or to the primary that the Sentinels name.
 *
 * @param texts cleans what servers reply
 * @param abortSignal ends the attempt: it then rejects as if Redis were unreachable
 * @throws RedisAccessError when trying again cannot succeed: credentials, permissions, certificates, clear text
 * @throws InfrastructureError when Redis is unreachable or not ready
 */
export async function connectRedis(
  options: RedisConnectionOptions,
  texts: TextCleaner,
  abortSignal?: AbortSignal,
): Promise<Redis> {
  const { url, connectTimeoutMs, clientName, clientOptions = {}, allowInsecure = false } = options;
  const address = redisAddress(url);
  if ('problem' in address) throw new RedisAccessError(`the URL of Redis ${address.problem}`);
  const { clock } = runtime();
  const startedAt = clock.monotonic();
  const leftMs = () => Math.max(1, Math.ceil(connectTimeoutMs - (clock.monotonic() - startedAt)));
  const sentinels = sentinelsOf(address, clientOptions);
  const found =
    sentinels.length === 0
      ? address
      : await findPrimary(sentinels, { clientOptions, allowInsecure, leftMs, texts, abortSignal });
  const primary = primaryAt(address, found, clientOptions);
  const { keepAlive } = clientOptions;
  const how = {
    timeoutMs: leftMs(),
    allowInsecure,
    abortSignal,
    ...(keepAlive === undefined ? {} : { keepAlive }),
  };
  try {
    return await openClient(primary, how, async (client) => {
      await sendLogin(client, loginOf(address, clientName), texts);
      return client;
    });
  } catch (error) {
    if (!(error instanceof ServerRefusal)) throw error;
    throw refusal(error, primary.path ?? `${primary.host}:${primary.port}`, address);
  }
}

function loginOf({ username, password, db }: RedisAddress, clientName: string): readonly RedisCommand[] {
  const commands: RedisCommand[] = [];
  if (username !== '' || password !== '') commands.push(['AUTH', ...(username && [username]), password]);
  if (db !== 0) commands.push(['SELECT', String(db)]);
  commands.push(['CLIENT', 'SETNAME', clientName]);
  return commands;
}

function refusal({ command, message }: ServerRefusal, place: string, { db, username }: RedisAddress): Error {
  const code = message.split(' ', 1)[0];
  if (code === 'LOADING' || code === 'BUSY' || /max number of clients/.test(message))
    return new InfrastructureError(`Redis at ${place} accepts no clients at the moment: ${message}`);
  if (code === 'DENIED') {
    const cure = 'give its default user a password, or set protected-mode to no';
    return new RedisAccessError(
      `Redis at ${place} is in protected mode, and accepts clients of its own machine only: ${cure}`,
    );
  }
  if (command === 'SELECT')
    return new RedisAccessError(`Redis at ${place} refuses database ${db}, which the URL names: ${message}`);
  if (command !== 'AUTH')
    return new RedisAccessError(`Redis at ${place} requires a password: add it to the URL`);
  const who = username === '' ? 'the password' : `user ${username} or its password`;
  return new RedisAccessError(`Redis at ${place} refuses ${who}: check the URL`, { cause: new Error(code) });
}
