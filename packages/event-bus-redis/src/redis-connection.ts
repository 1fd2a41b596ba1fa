import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import { Command, type Redis } from 'ioredis';
import { connectRedis, type RedisConnectionOptions } from './connect-redis.js';
import { encodeCommand } from './encode-command.js';
import type { RedisCommand, RedisReply } from './redis-command.js';
import { asInfrastructure, RedisReplyError } from './redis-reply-error.js';

export type { RedisDriverOptions } from './connect-redis.js';
export { RedisAccessError } from './redis-access-error.js';
export type { RedisCommand, RedisReply };
export { asInfrastructure, RedisReplyError };

/** The connection was lost, or stayed silent, after commands were sent: they may have been carried out. */
export class OutcomeUnknownError extends InfrastructureError {}

/**
 * One connection to Redis, made on first use and again after it was lost. Only this file and `connect-redis.ts` touch
 * ioredis.
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
    const timer = new AbortController();
    let isLate = false;
    const late = runtime()
      .clock.sleep(deadlineMs, timer.signal)
      .then(() => {
        if (timer.signal.aborted) return;
        isLate = true;
        client.disconnect(); // the server is frozen or gone: every command in flight ends now
      });
    try {
      const outcomes = await Promise.allSettled(written(client, commands));
      return outcomes.map((outcome, index) => {
        if (outcome.status === 'fulfilled') return outcome.value;
        const error: Error = outcome.reason;
        if (error.name !== 'ReplyError') {
          // The error itself goes no further: it holds the arguments of the command.
          const reason = isLate ? `no answer within ${deadlineMs} ms` : reasonOf(error);
          throw new OutcomeUnknownError(`Redis: ${reason}`);
        }
        const refusal = new RedisReplyError(error.message, commands[index] as RedisCommand);
        // The primary is another by now: whatever stands in front of it leads there, but only a new connection.
        if (refusal.code === 'READONLY') client.disconnect();
        return refusal;
      });
    } finally {
      timer.abort('answered'); // any reason: Node makes an error, with its stack, where there is none
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
    const forget = () => {
      this.#client = undefined;
    };
    try {
      const client = await connectRedis(this.#options);
      client.once('end', forget);
      if (client.status === 'end') forget();
      return client;
    } catch (error) {
      forget();
      throw error;
    }
  }
}

/**
 * Writes commands in one piece. Not by a pipeline of ioredis: each has a hidden class of its own, by which V8 keeps it
 * and all its replies until the next full collection, so that consuming takes a third longer.
 */
function written(client: Redis, commands: readonly RedisCommand[]): Promise<RedisReply>[] {
  const { stream } = client;
  stream.cork();
  const replies = commands.map(
    (command) => client.sendCommand(new EncodedCommand(command)) as Promise<RedisReply>,
  );
  stream.uncork();
  return replies;
}

/**
 * A command whose bytes are ready: ioredis would put those of one event together from some sixty pieces. It knows no
 * arguments, so whatever watches ioredis sees none.
 */
class EncodedCommand extends Command {
  readonly #bytes: Buffer;

  constructor(command: RedisCommand) {
    super(command[0] as string, [], { replyEncoding: null });
    this.#bytes = encodeCommand(command);
  }

  override toWritable(): Buffer {
    return this.#bytes;
  }
}
