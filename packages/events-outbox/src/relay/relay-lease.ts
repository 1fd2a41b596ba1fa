import { runtime, unlessAborted, waitAtMost } from '@openedx-ts/events-core/bus';
import type { OutboxLease } from '../store/outbox-lease.js';
import type { OutboxStore, RelayIdentity } from '../store/outbox-store.js';
import { HeldLease } from './held-lease.js';
import type { RelayDatabase } from './relay-database.js';

/** What a `RelayLease` works with. */
export interface RelayLeaseOptions {
  readonly database: RelayDatabase;
  readonly store: OutboxStore;
  readonly leaseMs: number;
  readonly identity: RelayIdentity;
}

/**
 * The lease by which one of several relays publishes. Clocks of machines are not compared: a relay takes the lease of
 * another when it has seen the same beat for `leaseMs`, by its own monotonic clock. Two relays that publish at once would
 * publish events twice, and keep their order.
 */
export class RelayLease {
  readonly #options: RelayLeaseOptions;
  /** The lease of another relay, and since when it is known in this state. */
  #seen: { readonly lease: OutboxLease; readonly since: number } | undefined;
  /** The last attempt to take the lease, until `acquire` has returned what it took. */
  #taking: Promise<HeldLease | undefined> | undefined;

  constructor(options: RelayLeaseOptions) {
    this.#options = options;
  }

  /**
   * Waits until the lease is held. Returns undefined when the signal fires first; a lease that was asked for by then is
   * freed. Failures of the database are retried.
   */
  async acquire(abortSignal: AbortSignal): Promise<HeldLease | undefined> {
    const { leaseMs } = this.#options;
    const longest = Math.min(leaseMs / 20, MAX_WAIT_MS);
    while (!abortSignal.aborted) {
      try {
        const held = await unlessAborted(abortSignal, this.#tryAcquire(abortSignal));
        if (abortSignal.aborted) break;
        this.#taking = undefined;
        if (held !== undefined) return held;
        const { since = Number.POSITIVE_INFINITY } = this.#seen ?? {};
        const leftMs = since + leaseMs - runtime().clock.monotonic();
        await runtime().clock.sleep(leftMs > 0 ? Math.min(leftMs, longest) : longest, abortSignal);
      } catch {
        await runtime().clock.sleep(longest, abortSignal); // `RelayDatabase` has logged the error
      }
    }
    const freed = this.#taking?.then((late) => late?.release()).catch(() => {});
    if (freed !== undefined) await waitAtMost(FREE_LATE_MS, freed);
    return undefined;
  }

  async #tryAcquire(abortSignal: AbortSignal): Promise<HeldLease | undefined> {
    const { database, store, leaseMs } = this.#options;
    const current = await database.run('hold the lease', (db) => store.readLease(db), leaseMs);
    if (current === undefined) this.#seen = undefined;
    if (abortSignal.aborted || (current !== undefined && !this.#isFree(current))) return undefined;
    this.#taking = this.#take(current);
    return this.#taking;
  }

  async #take(current: OutboxLease | undefined): Promise<HeldLease | undefined> {
    const { database, store, leaseMs, identity } = this.#options;
    const sentAt = runtime().clock.monotonic();
    const taken = await database.run(
      'hold the lease',
      (db) => store.takeLease(db, current, identity),
      leaseMs,
    );
    if (taken === undefined) return undefined; // another relay was faster; the next look shows its lease
    this.#seen = undefined;
    const held = new HeldLease(this.#options, taken, sentAt);
    if (held.isHeld) return held;
    held.lose();
    return undefined;
  }

  #isFree(current: OutboxLease): boolean {
    if (current.holder === this.#options.identity.holder) return true; // its answer was lost
    const now = runtime().clock.monotonic();
    if (this.#seen === undefined || !isSame(this.#seen.lease, current)) {
      this.#seen = { lease: current, since: now };
    }
    return now - this.#seen.since >= this.#options.leaseMs;
  }
}

function isSame(one: OutboxLease, other: OutboxLease): boolean {
  return one.holder === other.holder && one.term === other.term && one.beat === other.beat;
}

/** The longest time between two looks at the lease: so much later than `leaseMs` another relay may take over. */
const MAX_WAIT_MS = 500;

/** How long a stop waits for the answer to the attempt to take the lease; later the lease expires. */
const FREE_LATE_MS = 1_000;
