import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { fencedCommand, NOT_HELD } from '../driver/fenced-command.js';
import type { RedisCommand } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { leaseKey } from './lease-key.js';
import { holderCommand, leaseProblem } from './lease-problem.js';

/** What a `Lease` works with. */
export interface LeaseOptions {
  readonly connection: RedisConnection;
  readonly stream: string;
  readonly groupId: string;
  /** Identifies the member that holds the lease; globally unique. Operators see it as the value of the key. */
  readonly token: string;
  readonly leaseMs: number;
  readonly commandTimeoutMs: number;
  /** Called when the lease is lost, not when it is released. */
  readonly onLost: () => void;
}

/**
 * The right of one member to process a stream: the key `<stream>.<group>.lease`, which expires. The lease counts as held
 * only as long as this process can prove it by its own monotonic clock, which goes on while the process is frozen.
 */
export class Lease {
  readonly key: string;
  readonly #options: LeaseOptions;
  #validUntil = Number.NEGATIVE_INFINITY;
  #held: AbortController | undefined;
  #problem: string | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.key = leaseKey(options.connection, options.stream, options.groupId);
  }

  get isHeld(): boolean {
    return this.#held !== undefined && runtime().clock.monotonic() < this.#validUntil;
  }

  /** Why no member can acquire the lease, as of the last try: its key is not that of a member. Undefined for none. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Fires when the lease that is held now is lost; undefined when none is held. */
  get abortSignal(): AbortSignal | undefined {
    return this.#held?.signal;
  }

  /**
   * Tries to acquire the lease.
   *
   * @returns how long to wait before the next try, in milliseconds; 0 when the lease is held now
   */
  async acquire(): Promise<number> {
    const { connection, token, leaseMs } = this.#options;
    const sentAt = runtime().clock.monotonic();
    const commands = [
      ['SET', this.key, token, 'NX', 'PX', String(leaseMs)],
      ['PTTL', this.key],
    ];
    const [acquired, ttlMs] = await connection.callAll(commands, this.#timeoutMs());
    if (acquired === null) {
      const holder = await connection.call(holderCommand(this.key), this.#timeoutMs());
      this.#problem = leaseProblem(this.key, holder, Number(ttlMs), leaseMs);
      if (this.#problem !== undefined) return MAX_WAIT_MS;
      return Math.max(1, Math.min(Number(ttlMs) + 1, leaseMs / 3, MAX_WAIT_MS));
    }
    this.#problem = undefined;
    this.#extendValidity(sentAt);
    if (runtime().clock.monotonic() >= this.#validUntil) {
      // This process was frozen: the key may expire at any moment, and must not keep this member out until then.
      await connection.call(this.fenced(['DEL', this.key]), this.#timeoutMs());
      return 1;
    }
    this.#held = new AbortController();
    void this.#keep(this.#held);
    void this.#loseInTime(this.#held);
    return 0;
  }

  /** Makes a command that Redis executes only for the holder of this lease; otherwise the reply is `NOT_HELD`. */
  fenced(command: RedisCommand): RedisCommand {
    const { stream, token } = this.#options;
    return fencedCommand({ leaseKey: this.key, token }, stream, command);
  }

  /** Notes that this member does not hold the lease any more, and calls `onLost` if it did. */
  lose(): void {
    if (this.#end()) this.#options.onLost();
  }

  /** Deletes the key, so that another member acquires the lease at once. */
  async release(): Promise<void> {
    if (this.#end()) await this.#options.connection.call(this.fenced(['DEL', this.key]), this.#timeoutMs());
  }

  /** Ends as if the process had died: the key stays until it expires. */
  abandon(): void {
    this.#end();
  }

  /** @returns whether the lease was held */
  #end(): boolean {
    const held = this.#held;
    this.#held = undefined;
    held?.abort();
    return held !== undefined;
  }

  /** The key expires `leaseMs` after Redis received the command. A tenth is reserved to stop what is being processed. */
  #extendValidity(sentAt: number): void {
    this.#validUntil = sentAt + this.#options.leaseMs * 0.9;
  }

  async #keep(held: AbortController): Promise<void> {
    const { connection, leaseMs } = this.#options;
    let waitMs = leaseMs / 3;
    for (;;) {
      await runtime().clock.sleep(waitMs, held.signal);
      if (held.signal.aborted) return;
      const sentAt = runtime().clock.monotonic();
      try {
        const extending = this.fenced(['PEXPIRE', this.key, String(leaseMs)]);
        const reply = await connection.call(extending, this.#timeoutMs());
        if (held.signal.aborted) return;
        if (reply === NOT_HELD) return this.lose();
        this.#extendValidity(sentAt);
        waitMs = leaseMs / 3;
      } catch (error) {
        if (held.signal.aborted) return;
        if (!(error instanceof InfrastructureError)) return this.lose();
        waitMs = leaseMs / 20; // `#loseInTime` ends the lease when Redis stays unreachable
      }
    }
  }

  async #loseInTime(held: AbortController): Promise<void> {
    while (!held.signal.aborted) {
      const leftMs = this.#validUntil - runtime().clock.monotonic();
      if (leftMs <= 0) return this.lose();
      await runtime().clock.sleep(leftMs, held.signal);
    }
  }

  #timeoutMs(): number {
    return Math.min(this.#options.commandTimeoutMs, this.#options.leaseMs / 3);
  }
}

/** Maximum time between two tries: within it, a lease that was released is acquired by another member. */
const MAX_WAIT_MS = 1_000;
