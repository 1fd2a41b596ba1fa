import type { RedisCommand, RedisReply } from './redis-command.js';
import type { RedisConnection } from './redis-connection.js';
import { RedisReplyError, thrownError } from './redis-reply-error.js';

/** What a test lets Redis reply: a value, or the text of a refusal as an Error. */
export type ScriptedReply = RedisReply | Error;

/** A connection that records commands as texts and replies as the test scripts it. */
export class RecordingConnection implements RedisConnection {
  readonly clientId = undefined;
  readonly timesOpened: number = 1;
  readonly commands: string[] = [];
  readonly #reply: (command: string) => ScriptedReply | Promise<ScriptedReply>;

  constructor(reply: (command: string) => ScriptedReply | Promise<ScriptedReply>) {
    this.#reply = reply;
  }

  async send(commands: readonly RedisCommand[]): Promise<readonly (RedisReply | RedisReplyError)[]> {
    const replies: (RedisReply | RedisReplyError)[] = [];
    for (const command of commands) {
      const text = command.map(String).join(' ');
      this.commands.push(text);
      const reply = await this.#reply(text);
      replies.push(reply instanceof Error ? new RedisReplyError(reply.message, command) : reply);
    }
    return replies;
  }

  async callAll(commands: readonly RedisCommand[]): Promise<readonly RedisReply[]> {
    return (await this.send(commands)).map((reply) => {
      if (reply instanceof RedisReplyError) throw thrownError(reply);
      return reply;
    });
  }

  async call(command: RedisCommand): Promise<RedisReply> {
    return (await this.callAll([command]))[0] as RedisReply;
  }

  async interrupt(): Promise<void> {}

  async close(): Promise<void> {}
}
