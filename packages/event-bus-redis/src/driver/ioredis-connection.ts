import { InfrastructureError } from '@openedx-ts/events-core';
import { OutcomeUnknownError, reasonOf, TextCleaner } from '@openedx-ts/events-core/bus';
import type { Redis } from 'ioredis';
import { connectRedis, type RedisConnectionOptions } from './connect-redis.js';
import { disconnectAfter } from './disconnect-after.js';
import { encodeCommands } from './encode-commands.js';
import { Command } from './ioredis.js';
import { placeOf, redisAddress } from './redis-address.js';
import type { RedisCommand, RedisReply } from './redis-command.js';
import type { RedisConnection, RepliesTogether } from './redis-connection.js';
import { RedisReplyError, repliesOrThrow } from './redis-reply-error.js';
import { ReopenedError } from './reopened-error.js';
import { transactionReplies } from './transaction-replies.js';

/** A `RedisConnection` by ioredis. Only this folder imports ioredis. */
export class IoredisConnection implements RedisConnection {
  readonly isCluster = false;
  readonly #options: RedisConnectionOptions;
  readonly #texts: TextCleaner;
  #client: Promise<Redis> | undefined;
  #clientId: number | undefined;
  #connecting = new AbortController();
  #timesOpened = 0;
  #isClosed = false;
  #inFlight = 0;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.#texts = new TextCleaner(secretsOf(options));
  }

  get address(): string {
    return placeOf(this.#options.url);
  }

  /** Whether a command is in flight. */
  get isBusy(): boolean {
    return this.#inFlight > 0;
  }

  get timesOpened(): number {
    return this.#timesOpened;
  }

  async send(
    commands: readonly RedisCommand[],
    timeoutMs = this.#options.commandTimeoutMs,
    timesOpened?: number,
  ): Promise<readonly (RedisReply | RedisReplyError)[]> {
    if (commands.length === 0) return [];
    const client = await this.#connected();
    if (timesOpened !== undefined && timesOpened !== this.#timesOpened)
      throw new ReopenedError('the connection to Redis was opened again');
    const deadline = disconnectAfter(client, timeoutMs);
    this.#inFlight += 1;
    try {
      const outcomes = await Promise.allSettled(write(client, commands));
      return outcomes.map((outcome, index) => {
        if (outcome.status === 'fulfilled') return outcome.value;
        const error: Error = outcome.reason;
        if (error.name !== 'ReplyError') {
          // The error of ioredis is not passed on as the cause: it holds the arguments of the command.
          const reason = deadline.isOver ? `no reply within ${timeoutMs} ms` : reasonOf(error);
          throw new OutcomeUnknownError(`Redis: ${reason}`);
        }
        const refusal = new RedisReplyError(
          this.#texts.clean(error.message),
          commands[index] as RedisCommand,
        );
        // After a failover, a proxy or Sentinel leads to the new primary, but only on a new connection.
        if (refusal.code === 'READONLY') client.disconnect();
        return refusal;
      });
    } finally {
      this.#inFlight -= 1;
      await deadline.cancel();
    }
  }

  sendWith(commands: readonly RedisCommand[], others: readonly RedisCommand[], timeoutMs?: number) {
    return this.send([...commands, ...others], timeoutMs);
  }

  async sendTogether(
    commands: readonly RedisCommand[],
    others: readonly RedisCommand[],
    timeoutMs?: number,
  ): Promise<RepliesTogether> {
    const replies = await this.send([['MULTI'], ...commands, ['EXEC'], ...others], timeoutMs);
    const size = commands.length + 2;
    const clean = (text: string) => this.#texts.clean(text);
    const transaction = transactionReplies(commands, replies.slice(0, size), clean);
    if (transaction.isOpen) await this.interrupt();
    return {
      replies: [...transaction.replies, ...replies.slice(size)],
      notTogether: transaction.notTogether,
    };
  }

  async callAll(
    commands: readonly RedisCommand[],
    timeoutMs?: number,
    timesOpened?: number,
  ): Promise<readonly RedisReply[]> {
    return repliesOrThrow(await this.send(commands, timeoutMs, timesOpened));
  }

  async call(command: RedisCommand, timeoutMs?: number, timesOpened?: number): Promise<RedisReply> {
    const [reply] = await this.callAll([command], timeoutMs, timesOpened);
    return reply as RedisReply;
  }

  another(options: Partial<RedisConnectionOptions>): IoredisConnection {
    return new IoredisConnection({ ...this.#options, ...options });
  }

  async servers(): Promise<readonly RedisConnection[]> {
    return [this];
  }

  async unblock(other: RedisConnection): Promise<void> {
    const id = other instanceof IoredisConnection ? other.#clientId : undefined;
    if (id !== undefined) await this.call(['CLIENT', 'UNBLOCK', String(id)]);
  }

  async interrupt(): Promise<void> {
    this.#connecting.abort();
    const client = await this.#client?.catch(() => undefined);
    client?.disconnect();
  }

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
    const forget = () => {
      this.#client = undefined;
      this.#clientId = undefined;
    };
    this.#connecting = new AbortController();
    try {
      const client = await connectRedis(this.#options, this.#texts, this.#connecting.signal);
      this.#timesOpened += 1;
      client.once('end', forget);
      if (client.status === 'end') forget();
      else if (this.#options.asksForId) this.#askForId(client);
      return client;
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** Not awaited: the reply comes before those to later commands. A refusal leaves the id unknown. */
  #askForId(client: Redis): void {
    const noteId = (id: unknown) => {
      if (client.status === 'ready') this.#clientId = Number(id);
    };
    client.call('CLIENT', 'ID').then(noteId, () => {});
  }
}

function secretsOf({ url, clientOptions }: RedisConnectionOptions): readonly (string | undefined)[] {
  const address = redisAddress(url);
  const { username, password } = 'problem' in address ? { username: '', password: '' } : address;
  const login = password === '' ? '' : `${username}:${password}`;
  return [password, login, clientOptions?.sentinelPassword ?? undefined];
}

/**
 * Writes commands together: ioredis notes for each that a reply will come, and writes to a stream that only notes that it
 * accepts them. A pipeline of ioredis is not used: each has a hidden class of its own, by which V8 keeps the pipeline and
 * all its replies until the next full collection, so that consuming takes a third longer.
 */
function write(client: Redis, commands: readonly RedisCommand[]): Promise<RedisReply>[] {
  const pieces = encodeCommands(commands); // before ioredis waits for replies: this may throw
  let isAccepted = false;
  const accepting = {
    isPipeline: true as const,
    destination: { redis: client },
    write() {
      isAccepted = true;
    },
  };
  const replies = commands.map(
    ([name]) => client.sendCommand(new NamedCommand(name as string), accepting) as Promise<RedisReply>,
  );
  if (!isAccepted) return replies; // the connection has ended, and all are rejected
  const { stream } = client;
  stream.cork();
  for (const bytes of pieces) stream.write(bytes);
  stream.uncork();
  return replies;
}

/**
 * What ioredis knows of a command: its name, and that a reply will come. It would write the command of one event in some sixty
 * pieces, so `write` encodes it. Its list of arguments is empty, so instrumentation of ioredis records no payloads.
 */
class NamedCommand extends Command {
  constructor(name: string) {
    super(name, [], { replyEncoding: null });
  }

  override toWritable(): string {
    return '';
  }
}
