import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import {
  asInfrastructure,
  type RedisCommand,
  type RedisConnection,
  type RedisReply,
  RedisReplyError,
} from '../redis-connection.js';

export interface LeaseOptions {
  readonly connection: RedisConnection;
  readonly stream: string;
  readonly groupId: string;
  /** Who holds it; unique in the world. Operators see it as the value of the key. */
  readonly token: string;
  readonly leaseMs: number;
  readonly deadlineMs: number;
  /** Called when it was lost, not when it was given back. */
  readonly onLost: () => void;
}

/**
 * The right of one member to work on a stream, as a key of Redis that expires: `<stream>.<group>.lease`. It counts as held
 * only as long as this process can prove it by its own steady clock, which goes on while the process is frozen.
 */
export class Lease {
  readonly key: string;
  readonly #options: LeaseOptions;
  #validUntil = Number.NEGATIVE_INFINITY;
  #tenure: AbortController | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.key = `${options.stream}.${options.groupId}.lease`;
  }

  get isHeld(): boolean {
    return this.#tenure !== undefined && runtime().clock.monotonic() < this.#validUntil;
  }

  /** Fires when the lease that is held now is lost; undefined when none is. */
  get abortSignal(): AbortSignal | undefined {
    return this.#tenure?.signal;
  }

  /**
   * Tries to take it.
   *
   * @returns how long to wait before the next try, 0 when it is held now
   */
  async take(): Promise<number> {
    const { connection, token, leaseMs } = this.#options;
    const sentAt = runtime().clock.monotonic();
    const commands = [
      ['SET', this.key, token, 'NX', 'PX', String(leaseMs)],
      ['PTTL', this.key],
    ];
    const [taken, left] = (await connection.send(commands, this.#deadlineMs())).map(orThrow);
    if (taken === null)
      return Math.max(1, Math.min(Number(left) + 1, this.#options.leaseMs / 3, MOST_WAIT_MS));
    this.#tenure = new AbortController();
    this.#prove(sentAt);
    void this.#keep(this.#tenure);
    void this.#endInTime(this.#tenure);
    return 0;
  }

  /** Makes a command that Redis carries out only for the holder of this lease; else the answer is `NOT_HELD`. */
  fenced(command: RedisCommand): RedisCommand {
    return ['EVAL', FENCED, '2', this.key, this.#options.stream, this.#options.token, ...command];
  }

  /** Lets go of it because it is no longer this member's. */
  lose(): void {
    if (this.#end() === undefined) return;
    this.#options.onLost();
  }

  /** Gives it back, so that another member takes over at once. */
  async release(): Promise<void> {
    const { connection } = this.#options;
    if (this.#end() === undefined) return;
    const [reply] = await connection.send([this.fenced(['DEL', this.key])], this.#deadlineMs());
    orThrow(reply as RedisReply);
  }

  /** Ends as if the process had died: the key stays until it expires. */
  abandon(): void {
    this.#end();
  }

  #end(): AbortController | undefined {
    const tenure = this.#tenure;
    this.#tenure = undefined;
    tenure?.abort();
    return tenure;
  }

  /** The key lives that long after Redis got the command, which was later; a tenth is left to finish what is begun. */
  #prove(sentAt: number): void {
    this.#validUntil = sentAt + this.#options.leaseMs * 0.9;
  }

  async #keep(tenure: AbortController): Promise<void> {
    const { connection, leaseMs } = this.#options;
    let waitMs = leaseMs / 3;
    for (;;) {
      await runtime().clock.sleep(waitMs, tenure.signal);
      if (tenure.signal.aborted) return;
      const sentAt = runtime().clock.monotonic();
      try {
        const extending = this.fenced(['PEXPIRE', this.key, String(leaseMs)]);
        const [reply] = await connection.send([extending], this.#deadlineMs());
        if (tenure.signal.aborted) return;
        if (orThrow(reply as RedisReply) === NOT_HELD) return this.lose();
        this.#prove(sentAt);
        waitMs = leaseMs / 3;
      } catch (error) {
        if (tenure.signal.aborted) return;
        if (!(error instanceof InfrastructureError)) return this.lose();
        waitMs = leaseMs / 20; // until time is up, which `#endInTime` sees to
      }
    }
  }

  async #endInTime(tenure: AbortController): Promise<void> {
    while (!tenure.signal.aborted) {
      const leftMs = this.#validUntil - runtime().clock.monotonic();
      if (leftMs <= 0) return this.lose();
      await runtime().clock.sleep(leftMs, tenure.signal);
    }
  }

  #deadlineMs(): number {
    return Math.min(this.#options.deadlineMs, this.#options.leaseMs / 3);
  }
}

/** The answer to a fenced command of a member that does not hold the lease. No command that is fenced answers so itself. */
export const NOT_HELD = 0;

/** A reply, or the refusal as an error. */
export function orThrow(reply: RedisReply | RedisReplyError): RedisReply {
  if (reply instanceof RedisReplyError) throw asInfrastructure(reply);
  return reply;
}

/** `pcall`, so that a refusal keeps its code on every version. */
const FENCED = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return ${NOT_HELD} end return redis.pcall(unpack(ARGV, 2))`;

/** A lease that was given back is taken within that time. */
const MOST_WAIT_MS = 1_000;
