import type { RedisCommand, RedisReply } from './redis-command.js';
import type { RedisConnection } from './redis-connection.js';
import { RedisReplyError, repliesOrThrow } from './redis-reply-error.js';
import { ReopenedError } from './reopened-error.js';

/** What a test lets Redis reply: a value, or the text of a refusal as an Error. */
export type ScriptedReply = RedisReply | Error;

/** A connection that records commands as texts and replies as the test scripts it. */
export class RecordingConnection implements RedisConnection {
  readonly address: string = 'localhost:6379';
  readonly isCluster: boolean = false;
  /** A test may open the connection again. */
  timesOpened = 1;
  readonly commands: string[] = [];
  readonly #reply: (command: string) => ScriptedReply | Promise<ScriptedReply>;

  constructor(reply: (command: string) => ScriptedReply | Promise<ScriptedReply>) {
    this.#reply = reply;
  }

  async send(
    commands: readonly RedisCommand[],
    _timeoutMs?: number,
    timesOpened = this.timesOpened,
  ): Promise<readonly (RedisReply | RedisReplyError)[]> {
    if (timesOpened !== this.timesOpened) throw new ReopenedError('opened again');
    const replies: (RedisReply | RedisReplyError)[] = [];
    for (const command of commands) {
      const text = command.map(String).join(' ');
      this.commands.push(text);
      const reply = await this.#reply(text);
      replies.push(reply instanceof Error ? new RedisReplyError(reply.message, command) : reply);
    }
    return replies;
  }

  sendWith(commands: readonly RedisCommand[], others: readonly RedisCommand[]) {
    return this.send([...commands, ...others]);
  }

  async sendTogether(commands: readonly RedisCommand[], others: readonly RedisCommand[]) {
    return { replies: await this.send([...commands, ...others]), notTogether: undefined };
  }

  async callAll(
    commands: readonly RedisCommand[],
    timeoutMs?: number,
    timesOpened?: number,
  ): Promise<readonly RedisReply[]> {
    return repliesOrThrow(await this.send(commands, timeoutMs, timesOpened));
  }

  async call(command: RedisCommand, timeoutMs?: number, timesOpened?: number): Promise<RedisReply> {
    return (await this.callAll([command], timeoutMs, timesOpened))[0] as RedisReply;
  }

  another(): RedisConnection {
    return this;
  }

  async servers(): Promise<readonly RedisConnection[]> {
    return [this];
  }

  async unblock(): Promise<void> {}

  async interrupt(): Promise<void> {}

  async close(): Promise<void> {}
}
