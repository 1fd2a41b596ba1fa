import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf } from '@openedx-ts/events-core/bus';
import { Redis, type RedisOptions } from 'ioredis';
import { disconnectAfter } from './disconnect-after.js';
import { RedisAccessError } from './redis-access-error.js';
import { type RedisAddress, redisAddress } from './redis-address.js';
import type { RedisCommand } from './redis-command.js';

/** The options of ioredis that users may set. The others decide whether events may be lost or duplicated. */
export type RedisDriverOptions = Pick<
  RedisOptions,
  'family' | 'keepAlive' | 'name' | 'natMap' | 'sentinelPassword' | 'sentinels' | 'sentinelTLS' | 'tls'
>;

/** How to connect to Redis. */
export interface RedisConnectionOptions {
  /** `redis://`, `rediss://` or a path to a socket, with user, password and database. */
  readonly url: string;
  /** Maximum time to connect and log in, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Maximum time to wait for the reply to a command, in milliseconds, unless the command has its own timeout. */
  readonly commandTimeoutMs: number;
  /** The name of the connection in `CLIENT LIST`. */
  readonly clientName: string;
  /** Asks for the id of the connection (`CLIENT ID`), by which another connection ends what blocks it. */
  readonly asksForId?: boolean;
  /** Further options of ioredis, such as `tls`. */
  readonly clientOptions?: RedisDriverOptions | undefined;
}

/**
 * Connects and logs in. The reconnection of ioredis is off, because it sends commands again by itself or queues them
 * without limit. Its login is not used either, because it prints to the console, and continues with database 0 when Redis
 * refuses the database of the URL.
 *
 * @param abortSignal ends the attempt: it then rejects as if Redis were unreachable
 * @throws RedisAccessError when trying again cannot succeed: credentials, permissions, certificates
 * @throws InfrastructureError when Redis is unreachable or not ready
 */
export async function connectRedis(
  options: RedisConnectionOptions,
  abortSignal?: AbortSignal,
): Promise<Redis> {
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
  const deadline = disconnectAfter(client, connectTimeoutMs);
  const disconnect = () => client.disconnect();
  abortSignal?.addEventListener('abort', disconnect, { once: true });
  try {
    await Promise.race([client.connect(), ended(client)]);
    await logIn(client, address, clientName);
    return client;
  } catch (error) {
    client.disconnect();
    if (error instanceof RefusedError) throw refusal(error, place, address);
    throw unreachable(
      deadline.isOver ? `no reply within ${connectTimeoutMs} ms` : (lastError ?? error),
      place,
    );
  } finally {
    abortSignal?.removeEventListener('abort', disconnect);
    await deadline.cancel();
  }
}

/** Rejects when a client stops connecting: its `connect` then stays pending for ever. */
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
    return new InfrastructureError(`Redis at ${place} accepts no clients at the moment: ${message}`);
  if (command === 'SELECT')
    return new RedisAccessError(`Redis at ${place} refuses database ${db}, which the URL names: ${message}`);
  if (command !== 'AUTH')
    return new RedisAccessError(`Redis at ${place} requires a password: add it to the URL`);
  const who = username === '' ? 'the password' : `user ${username} or its password`;
  return new RedisAccessError(`Redis at ${place} refuses ${who}: check the URL`, { cause: new Error(code) });
}

/** A certificate that is not trusted stays so; a server that is unreachable may come back. */
function unreachable(cause: unknown, place: string): Error {
  const code = (cause as { code?: unknown }).code;
  const reason = typeof cause === 'string' ? cause : reasonOf(cause);
  const what = typeof code === 'string' ? code : /RESP/.test(reason) ? 'the server is no Redis' : reason;
  if (certificateCodes.test(what)) {
    const cure =
      'set its CA as clientOptions.tls.ca or in NODE_EXTRA_CA_CERTS, and use the host name of the certificate';
    return new RedisAccessError(`the certificate of Redis at ${place} is not trusted (${what}): ${cure}`);
  }
  if (protocolCodes.test(what))
    return new RedisAccessError(`Redis at ${place} does not speak TLS (${what}): use a URL with redis://`);
  const cure = 'check that it runs, that the URL is right, and whether it expects TLS (rediss://)';
  const options = typeof cause === 'string' ? {} : { cause };
  return new InfrastructureError(`Redis at ${place} is unreachable (${what}): ${cure}`, options);
}

const certificateCodes = /CERT|UNABLE_TO_|SELF_SIGNED|HOSTNAME_MISMATCH|CRL_|INVALID_CA|INVALID_PURPOSE/;
const protocolCodes = /^(?:EPROTO|ERR_SSL_)/;
