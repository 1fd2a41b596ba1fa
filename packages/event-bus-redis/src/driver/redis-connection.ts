import type { RedisCommand, RedisReply } from './redis-command.js';
import type { RedisReplyError } from './redis-reply-error.js';

/**
 * One connection to Redis, opened by the first command and opened again by the next command after it was lost. This
 * package sees Redis only through this interface.
 *
 * Each method takes a timeout in milliseconds; default: the `commandTimeoutMs` of the connection. When it is over, the
 * connection is closed, because Redis is frozen or unreachable.
 */
export interface RedisConnection {
  /** The number by which Redis knows the open connection; undefined while there is none, and unless it was asked for. */
  readonly clientId: number | undefined;

  /** How often the connection was opened. When it was opened again, another Redis may reply, or a restarted one. */
  readonly timesOpened: number;

  /**
   * Sends commands in one write. Resolves with one reply, or one refusal, per command, in the same order.
   *
   * @param timesOpened sends the commands only to the Redis that replied when the connection had been opened so many times
   * @throws InfrastructureError when there is no connection: no command was sent
   * @throws ReopenedError when the connection was opened more often than `timesOpened`: no command was sent
   * @throws OutcomeUnknownError when the connection was lost, or the timeout was over, after the commands were sent
   */
  send(
    commands: readonly RedisCommand[],
    timeoutMs?: number,
    timesOpened?: number,
  ): Promise<readonly (RedisReply | RedisReplyError)[]>;

  /**
   * Sends commands that Redis executes together: no command of another client comes between, and when it refuses one of
   * them before it executes the first, such as for lack of memory, it executes none. `others` follow in the same write.
   *
   * @returns one reply, or one refusal, per command, those of `others` behind; `notTogether` is the refusal of `MULTI`, with
   *   which Redis has executed each command by itself
   * @throws as `send`
   */
  sendTogether(
    commands: readonly RedisCommand[],
    others: readonly RedisCommand[],
  ): Promise<{
    readonly replies: readonly (RedisReply | RedisReplyError)[];
    readonly notTogether: RedisReplyError | undefined;
  }>;

  /**
   * Sends commands in one write, as `send`, and throws the first refusal.
   *
   * @throws RedisReplyError when Redis refuses a command; InfrastructureError or RedisAccessError where the code of the
   *   refusal says so
   */
  callAll(
    commands: readonly RedisCommand[],
    timeoutMs?: number,
    timesOpened?: number,
  ): Promise<readonly RedisReply[]>;

  /** Sends one command and throws a refusal, as `callAll`. */
  call(command: RedisCommand, timeoutMs?: number, timesOpened?: number): Promise<RedisReply>;

  /**
   * Closes the connection, also while it is opened, so that commands in flight fail. Redis may learn of it later, and
   * executes until then what it has received. The next command opens the connection again.
   */
  interrupt(): Promise<void>;

  /** Closes the connection for good; commands in flight fail. Safe to call twice. */
  close(): Promise<void>;
}
