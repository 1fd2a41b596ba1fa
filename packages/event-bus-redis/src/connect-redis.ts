import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import { Redis, type RedisOptions } from 'ioredis';
import { RedisAccessError } from './redis-access-error.js';
import { type RedisAddress, redisAddress } from './redis-address.js';
import type { RedisCommand } from './redis-command.js';

/** The settings of ioredis that are left to users; the others decide what may be lost or doubled. */
export type RedisDriverOptions = Pick<
  RedisOptions,
  'family' | 'keepAlive' | 'name' | 'natMap' | 'sentinelPassword' | 'sentinels' | 'sentinelTLS' | 'tls'
>;

export interface RedisConnectionOptions {
  /** `redis://`, `rediss://` or a path to a socket, with user, password and database. */
  readonly url: string;
  /** Longest wait for a connection. */
  readonly connectTimeoutMs: number;
  /** Shown in `CLIENT LIST`. */
  readonly clientName: string;
  /** Further settings of ioredis, such as `tls`. */
  readonly clientOptions?: RedisDriverOptions | undefined;
}

/**
 * Connects and logs in. Its own reconnection is off: ioredis sends commands again by itself, or keeps them waiting
 * without limit. Its logging in is not used either: that prints to the console, and goes on with database 0 when the
 * one that was asked for is refused.
 *
 * @throws RedisAccessError when trying again cannot help
 * @throws InfrastructureError when it may
 */
export async function connectRedis(options: RedisConnectionOptions): Promise<Redis> {
  const { url, connectTimeoutMs, clientName, clientOptions } = options;
  const address = redisAddress(url);
  if ('problem' in address) throw new RedisAccessError(`the URL of Redis ${address.problem}`);
  const { host, port, path, isTls } = address;
  const place = path ?? `${host}:${port}`;
  const client = new Redis({
    ...clientOptions,
    ...(path === undefined ? { host, port } : { path }),
    ...(isTls ? { tls: clientOptions?.tls ?? {} } : {}),
    protocol: 2,
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    disconnectTimeout: 100,
    disableClientInfo: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: null,
    retryStrategy: () => null,
  });
  let lastError: Error | undefined;
  client.on('error', (error: Error) => {
    lastError = error;
  });
  const timer = new AbortController();
  let isLate = false;
  const late = runtime()
    .clock.sleep(connectTimeoutMs, timer.signal)
    .then(() => {
      if (timer.signal.aborted) return;
      isLate = true;
      client.disconnect(); // it took the connection and says nothing: frozen
    });
  try {
    await Promise.race([client.connect(), ended(client)]);
    await logIn(client, address, clientName);
    return client;
  } catch (error) {
    client.disconnect();
    if (error instanceof RefusedError) throw refusal(error, place, address);
    throw unreachable(isLate ? `no answer within ${connectTimeoutMs} ms` : (lastError ?? error), place);
  } finally {
    timer.abort();
    await late;
  }
}

/** Rejects when a client gives up: its `connect` then stays pending. */
function ended(client: Redis): Promise<never> {
  return new Promise((_resolve, reject) => {
    client.once('end', () => reject(new Error('the connection was closed')));
  });
}

async function logIn(client: Redis, address: RedisAddress, clientName: string): Promise<void> {
  const { username, password, db } = address;
  const commands: RedisCommand[] = [];
  if (username !== '' || password !== '') commands.push(['AUTH', ...(username && [username]), password]);
  if (db !== 0) commands.push(['SELECT', String(db)]);
  commands.push(['CLIENT', 'SETNAME', clientName]);
  const pipeline = client.pipeline();
  for (const [name, ...args] of commands) pipeline.call(name as string, ...(args as string[]));
  const replies = (await pipeline.exec()) ?? [];
  for (const [index, [error]] of replies.entries()) {
    if (error === null) continue;
    const [name] = commands[index] as RedisCommand;
    if (error.name !== 'ReplyError') throw new Error(reasonOf(error)); // the error of ioredis holds the password
    if (name === 'CLIENT' && !error.message.startsWith('NOAUTH')) continue; // only a name
    throw new RefusedError(name as string, error.message);
  }
}

class RefusedError extends Error {
  readonly command: string;

  constructor(command: string, text: string) {
    super(text);
    this.command = command;
  }
}

function refusal({ command, message }: RefusedError, place: string, { db, username }: RedisAddress): Error {
  const code = message.split(' ', 1)[0];
  if (code === 'LOADING' || code === 'BUSY' || /max number of clients/.test(message))
    return new InfrastructureError(`Redis at ${place} takes nobody in right now: ${message}`);
  if (command === 'SELECT')
    return new RedisAccessError(`Redis at ${place} refuses database ${db}, which the URL names: ${message}`);
  if (command !== 'AUTH')
    return new RedisAccessError(`Redis at ${place} asks for a password: put it into the URL`);
  const who = username === '' ? 'the password' : `user ${username} or its password`;
  return new RedisAccessError(`Redis at ${place} refuses ${who}: check the URL`, { cause: new Error(code) });
}

/** A certificate that cannot be trusted does not get better by waiting; a server that is not there may come back. */
function unreachable(cause: unknown, place: string): Error {
  const code = (cause as { code?: unknown }).code;
  const reason = typeof cause === 'string' ? cause : reasonOf(cause);
  const what = typeof code === 'string' ? code : /RESP/.test(reason) ? 'what answers is no Redis' : reason;
  if (certificateCodes.test(what)) {
    const cure =
      'give its CA as clientOptions.tls.ca or in NODE_EXTRA_CA_CERTS, and the name it was made for';
    return new RedisAccessError(`the certificate of Redis at ${place} cannot be trusted (${what}): ${cure}`);
  }
  if (protocolCodes.test(what))
    return new RedisAccessError(
      `Redis at ${place} does not speak TLS (${what}): its URL begins with redis://`,
    );
  const cure = 'is it running, is the URL right, does it expect TLS (rediss://)?';
  const options = typeof cause === 'string' ? {} : { cause };
  return new InfrastructureError(`Redis at ${place} cannot be reached (${what}): ${cure}`, options);
}

const certificateCodes = /CERT|UNABLE_TO_|SELF_SIGNED|HOSTNAME_MISMATCH|CRL_|INVALID_CA|INVALID_PURPOSE/;
const protocolCodes = /^(?:EPROTO|ERR_SSL_)/;
