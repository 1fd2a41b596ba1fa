import { InfrastructureError, reasonOf, settings } from '@openedx-ts/events-core';
import { Redis, type RedisOptions } from 'ioredis';

/** One command: its name, then its arguments. */
export type RedisCommand = readonly (string | Uint8Array)[];

/** What Redis answers: bytes, integers, nothing, or lists of these. */
export type RedisReply = Buffer | number | null | readonly RedisReply[];

/** Redis refused a command; `code` is the first word of its answer, such as `NOGROUP` or `WRONGTYPE`. */
export class RedisReplyError extends Error {
  readonly code: string;

  constructor(reply: Error) {
    super(reply.message, { cause: reply });
    this.name = 'RedisReplyError';
    this.code = reply.message.split(' ', 1)[0] as string;
  }
}

/** The connection was lost, or stayed silent, after commands were sent: they may have been carried out. */
export class OutcomeUnknownError extends InfrastructureError {}

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
 * One connection to Redis, made on first use and again after it was lost. The only file that touches ioredis, whose
 * own reconnection is off: it sends commands again by itself, or keeps them waiting without limit.
 */
export class RedisConnection {
  readonly #options: RedisConnectionOptions;
  #client: Promise<Redis> | undefined;
  #isClosed = false;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
  }

  /**
   * Sends commands in one go and resolves with a reply or a refusal for each.
   *
   * @throws InfrastructureError when there is no connection: nothing was sent
   * @throws OutcomeUnknownError when it was lost, or there was no answer within the deadline
   */
  async send(
    commands: readonly RedisCommand[],
    deadlineMs: number,
  ): Promise<readonly (RedisReply | RedisReplyError)[]> {
    const client = await this.#connected();
    const pipeline = client.pipeline();
    for (const [name, ...args] of commands) pipeline.callBuffer(name as string, ...args.map(asArgument));
    const timer = new AbortController();
    let isLate = false;
    const late = settings()
      .clock.sleep(deadlineMs, timer.signal)
      .then(() => {
        if (timer.signal.aborted) return;
        isLate = true;
        client.disconnect(); // the server is frozen or gone: every command in flight ends now
      });
    try {
      const results = await pipeline.exec();
      return (results ?? []).map(([error, reply]) => {
        if (error === null) return reply as RedisReply;
        if (error.name === 'ReplyError') return new RedisReplyError(error);
        const reason = isLate ? `no answer within ${deadlineMs} ms` : reasonOf(error);
        throw new OutcomeUnknownError(`Redis: ${reason}`, { cause: error });
      });
    } finally {
      timer.abort();
      await late;
    }
  }

  /** Sends one command; a refusal is thrown. */
  async call(command: RedisCommand, deadlineMs: number): Promise<RedisReply> {
    const [reply] = await this.send([command], deadlineMs);
    if (reply instanceof RedisReplyError) throw asInfrastructure(reply);
    return reply as RedisReply;
  }

  /** Ends what is in flight, such as a read that waits; the next command connects again. */
  async interrupt(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    client?.disconnect();
  }

  /** Ends the connection; commands in flight fail. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.interrupt();
  }

  #connected(): Promise<Redis> {
    if (this.#isClosed) return Promise.reject(new InfrastructureError('the connection to Redis is closed'));
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect(): Promise<Redis> {
    const { url, connectTimeoutMs, clientName, clientOptions } = this.#options;
    const client = new Redis(url, {
      connectionName: clientName,
      ...clientOptions,
      protocol: 2,
      lazyConnect: true,
      connectTimeout: connectTimeoutMs,
      disconnectTimeout: 100,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: null,
      retryStrategy: () => null,
    });
    let lastError: Error | undefined;
    client.on('error', (error: Error) => {
      lastError = error;
    });
    client.once('end', () => {
      this.#client = undefined;
    });
    const timer = new AbortController();
    const late = settings()
      .clock.sleep(connectTimeoutMs, timer.signal)
      .then(() => {
        if (!timer.signal.aborted) client.disconnect(); // it took the connection and says nothing: frozen
      });
    try {
      await Promise.race([client.connect(), ended(client)]);
      return client;
    } catch (error) {
      client.disconnect();
      this.#client = undefined;
      const cause = lastError ?? error;
      throw connectError(cause, client);
    } finally {
      timer.abort();
      await late;
    }
  }
}

/** ioredis would print other bytes than those of a `Buffer` as text. */
function asArgument(argument: string | Uint8Array): string | Buffer {
  if (typeof argument === 'string' || Buffer.isBuffer(argument)) return argument;
  return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
}

/** Rejects when a client gives up: its `connect` then stays pending. */
function ended(client: Redis): Promise<never> {
  return new Promise((_resolve, reject) => {
    client.once('end', () => reject(new Error('no answer')));
  });
}

/** What says that Redis cannot do anything right now, rather than that the command was wrong. */
export function asInfrastructure(error: RedisReplyError): Error {
  return temporaryCodes.has(error.code)
    ? new InfrastructureError(`Redis: ${error.message}`, { cause: error })
    : error;
}

const temporaryCodes: ReadonlySet<string> = new Set([
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MISCONF',
  'NOREPLICAS',
  'OOM',
  'READONLY',
  'TRYAGAIN',
]);

/** A wrong password does not get better by waiting; everything else may. */
function connectError(cause: unknown, client: Redis): Error {
  const { host, port, path } = client.options;
  const address = path ?? `${host}:${port}`;
  if (
    cause instanceof Error &&
    /^(?:WRONGPASS|NOAUTH|ERR AUTH|NOPERM|ERR invalid password)/.test(cause.message)
  ) {
    return new RedisAccessError(`Redis at ${address} refuses the user or password: check the URL`, { cause });
  }
  return new InfrastructureError(`Redis at ${address} cannot be reached (${describe(cause)})`, { cause });
}

/** Redis refused the credentials. */
export class RedisAccessError extends Error {
  readonly code = 'EVENT_BUS_REDIS_ACCESS';

  constructor(message: string, options: ErrorOptions) {
    super(message, options);
    this.name = 'RedisAccessError';
  }
}

function describe(cause: unknown): string {
  const { code } = cause as { code?: unknown };
  return typeof code === 'string' ? code : reasonOf(cause);
}
