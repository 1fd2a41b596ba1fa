import type { RedisConnectionOptions } from './connect-redis.js';
import type { RedisCommand, RedisReply } from './redis-command.js';
import type { RedisReplyError } from './redis-reply-error.js';

/** What became of commands that Redis should execute together. */
export interface RepliesTogether {
  /** One reply, or one refusal, per command. */
  readonly replies: readonly (RedisReply | RedisReplyError)[];
  /** The refusal of `MULTI`, with which Redis has executed each command by itself. */
  readonly notTogether: RedisReplyError | undefined;
}

/**
 * The only way of this package to Redis: one connection, or for a Redis Cluster one to each node that is needed. The first
 * command opens it, and so does the next command after it was lost.
 *
 * Each method takes a timeout in milliseconds; default: the `commandTimeoutMs` of the connection. When it is over, the
 * connection is closed, because Redis is frozen or unreachable.
 */
export interface RedisConnection {
  /** Host and port, or the path of a socket, for messages; of a cluster those of the first node. */
  readonly address: string;

  /** Whether keys are in slots: then all keys of one command must be in the same one. */
  readonly isCluster: boolean;

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
   * Sends commands of one stream, and others in the same write where the same server has their keys. Others without a key,
   * such as `WAIT`, follow the commands on the same connection.
   *
   * @returns one reply, or one refusal, per command, those of `others` behind; null for each of `others` that is for
   *   another server of a cluster, which is unreachable
   * @throws as `send`
   */
  sendWith(
    commands: readonly RedisCommand[],
    others: readonly RedisCommand[],
    timeoutMs?: number,
  ): Promise<readonly (RedisReply | RedisReplyError)[]>;

  /**
   * As `sendWith`; Redis executes the commands together: no command of another client comes between, and when it refuses
   * one of them before it executes the first, such as for lack of memory, it executes none.
   *
   * @throws as `send`
   */
  sendTogether(
    commands: readonly RedisCommand[],
    others: readonly RedisCommand[],
    timeoutMs?: number,
  ): Promise<RepliesTogether>;

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

  /** Makes another connection to the same Redis, with other options. */
  another(options: Partial<RedisConnectionOptions>): RedisConnection;

  /** A connection to each server that holds keys: to each primary of a cluster, otherwise this one. */
  servers(): Promise<readonly RedisConnection[]>;

  /**
   * Ends the command that blocks another connection (`CLIENT UNBLOCK`), if it is opened with `asksForId`.
   *
   * @throws as `call`
   */
  unblock(other: RedisConnection): Promise<void>;

  /**
   * Closes the connection, also while it is opened, so that commands in flight fail. Redis may learn of it later, and
   * executes until then what it has received. The next command opens the connection again.
   */
  interrupt(): Promise<void>;

  /** Closes the connection for good; commands in flight fail. Safe to call twice. */
  close(): Promise<void>;
}
