import type { TLSSocket } from 'node:tls';
import { isLoopback } from '@openedx-ts/events-core/bus';
import { type ClientDeadline, disconnectAfter } from './disconnect-after.js';
import { Redis } from './ioredis.js';
import { RedisAccessError } from './redis-access-error.js';
import type { RedisServer } from './redis-server.js';
import { unreachable } from './unreachable.js';

/** How to open a connection. */
export interface OpenOptions {
  /** Maximum time to connect, and for what `use` does, in milliseconds. */
  readonly timeoutMs: number;
  readonly allowInsecure: boolean;
  readonly keepAlive?: number | undefined;
  /** Ends the attempt: it then rejects as if the server were unreachable. */
  readonly abortSignal?: AbortSignal | undefined;
}

/**
 * Opens a connection and lets `use` log in, once it is certain that credentials do not cross a network in clear text. The
 * reconnection of ioredis is off, because it sends commands again by itself or queues them without limit. Its login is
 * not used either, because it prints to the console, and continues with database 0 when Redis refuses the database of
 * the URL. Neither is its support of Sentinel: it connects in clear text unless three options agree, and to addresses
 * that nothing has checked.
 *
 * @throws RedisAccessError when trying again cannot succeed: certificates, clear text
 * @throws InfrastructureError when the server is unreachable
 * @throws what `use` throws
 */
export async function openClient<T>(
  server: RedisServer,
  { timeoutMs, allowInsecure, keepAlive, abortSignal }: OpenOptions,
  use: (client: Redis) => Promise<T>,
): Promise<T> {
  const { host, port, path, tls, family } = server;
  const client = new Redis({
    ...(path === undefined ? { host, port } : { path }),
    ...(tls === undefined ? {} : { tls }),
    ...(family === undefined ? {} : { family }),
    ...(keepAlive === undefined ? {} : { keepAlive }),
    protocol: 2,
    lazyConnect: true,
    connectTimeout: timeoutMs,
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
  const deadline = disconnectAfter(client, timeoutMs);
  const disconnect = () => client.disconnect();
  abortSignal?.addEventListener('abort', disconnect, { once: true });
  try {
    if (abortSignal?.aborted) throw new Error('the connection was closed');
    await Promise.race([client.connect(), ended(client)]);
    if (!allowInsecure) assertProtected(client, server);
    return await use(client);
  } catch (error) {
    client.disconnect();
    throw reasonFor(error, { deadline, timeoutMs, lastError, server });
  } finally {
    abortSignal?.removeEventListener('abort', disconnect);
    await deadline.cancel();
  }
}

/** An error of ours, or why the connection failed. */
function reasonFor(
  error: unknown,
  about: {
    readonly deadline: ClientDeadline;
    readonly timeoutMs: number;
    readonly lastError: Error | undefined;
    readonly server: RedisServer;
  },
): unknown {
  if (error instanceof ServerRefusal || error instanceof RedisAccessError) return error;
  const { deadline, timeoutMs, lastError, server } = about;
  return unreachable(deadline.isOver ? `no reply within ${timeoutMs} ms` : (lastError ?? error), server);
}

/** The server refused a command of the login. */
export class ServerRefusal extends Error {
  readonly command: string;

  constructor(command: string, text: string) {
    super(text);
    this.command = command;
  }
}

/** Checks what was connected to, because names, Sentinels and NAT maps may lead anywhere. Nothing was sent yet. */
function assertProtected(client: Redis, { kind, host, port, path, needsProtection }: RedisServer): void {
  const stream = client.stream as Partial<TLSSocket>;
  if (stream.encrypted === true || path !== undefined || !needsProtection) return;
  if (isLoopback(stream.remoteAddress ?? '')) return;
  const cure =
    'use rediss:// and, for the Sentinels, clientOptions.sentinelTLS, or set allowInsecure (EVENT_BUS_REDIS_ALLOW_INSECURE)';
  throw new RedisAccessError(
    `${kind} at ${host}:${port} is on another machine, and the connection would not be encrypted: ${cure}`,
  );
}

/** Rejects when a client stops connecting: its `connect` then stays pending for ever. */
function ended(client: Redis): Promise<never> {
  return new Promise((_resolve, reject) => {
    client.once('end', () => reject(new Error('the connection was closed')));
  });
}
