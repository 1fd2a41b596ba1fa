import type { RedisCommand, RedisReply } from './redis-command.js';
import type { RepliesTogether } from './redis-connection.js';
import { RedisReplyError } from './redis-reply-error.js';

/** What became of commands that were sent between `MULTI` and `EXEC`. */
export interface TransactionReplies extends RepliesTogether {
  /** Whether the connection still waits for an `EXEC`, so that it must be closed. */
  readonly isOpen: boolean;
}

/**
 * Reads the replies to `MULTI`, the commands and `EXEC`. When Redis refuses one of the commands before `EXEC`, it executes
 * none, and each has a refusal: its own, or the one that ended the transaction.
 *
 * @param clean removes secrets from the text of a refusal
 */
export function transactionReplies(
  commands: readonly RedisCommand[],
  replies: readonly (RedisReply | RedisReplyError)[],
  clean: (text: string) => string,
): TransactionReplies {
  const [begin, ...rest] = replies;
  const queued = rest.slice(0, commands.length);
  const executed = rest[commands.length];
  if (begin instanceof RedisReplyError) return { replies: queued, notTogether: begin, isOpen: false };
  if (!(executed instanceof RedisReplyError)) {
    const results = executed as readonly (RedisReply | Error)[];
    const refusalIn = (reply: RedisReply | Error, index: number) =>
      reply instanceof Error
        ? new RedisReplyError(clean(reply.message), commands[index] as RedisCommand)
        : reply;
    return { replies: results.map(refusalIn), notTogether: undefined, isOpen: false };
  }
  const refusal = queued.find((reply) => reply instanceof RedisReplyError) ?? executed;
  return {
    replies: queued.map((reply) => (reply instanceof RedisReplyError ? reply : refusal)),
    notTogether: undefined,
    isOpen: executed.code === 'NOPERM',
  };
}
