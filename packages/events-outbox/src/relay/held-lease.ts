import { setMaxListeners } from 'node:events';
import { runtime } from '@openedx-ts/events-core/bus';
import type { OutboxLease } from '../store/outbox-lease.js';
import type { OutboxStore } from '../store/outbox-store.js';
import type { RelayDatabase } from './relay-database.js';

/** What a `HeldLease` works with. */
export interface HeldLeaseOptions {
  readonly database: RelayDatabase;
  readonly store: OutboxStore;
  readonly leaseMs: number;
}

/**
 * A lease that this relay has taken. It counts as held only as long as this process can prove it by its own monotonic
 * clock, which goes on while the process is frozen.
 */
export class HeldLease {
  readonly #options: HeldLeaseOptions;
  readonly #ended = new AbortController();
  #lease: OutboxLease;
  #validUntil = 0;

  /** @param sentAt when the lease was asked for, by the monotonic clock */
  constructor(options: HeldLeaseOptions, lease: OutboxLease, sentAt: number) {
    this.#options = options;
    this.#lease = lease;
    this.#extendValidity(sentAt);
    setMaxListeners(0, this.#ended.signal); // one for each batch in flight
    void this.#keep();
    void this.#loseInTime();
  }

  get isHeld(): boolean {
    return !this.#ended.signal.aborted && runtime().clock.monotonic() < this.#validUntil;
  }

  /** Fires when the lease is lost or released. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Publishes nothing more; the lease may still be freed. */
  lose(): void {
    this.#ended.abort();
  }

  /** Frees the lease, so that another relay takes it at once. When the database does not answer, it expires instead. */
  async release(): Promise<void> {
    const { database, store } = this.#options;
    this.lose();
    if (runtime().clock.monotonic() < this.#validUntil)
      await database
        .run('hold the lease', (db) => store.releaseLease(db, this.#lease), RELEASE_MS)
        .catch(() => {});
  }

  /** Another relay may take it `leaseMs` after it has seen the last beat. A tenth is reserved to stop publishing. */
  #extendValidity(sentAt: number): void {
    this.#validUntil = sentAt + this.#options.leaseMs * 0.9;
  }

  async #keep(): Promise<void> {
    const { database, store, leaseMs } = this.#options;
    const { signal } = this.#ended;
    for (let waitMs = leaseMs / 4; ; ) {
      await runtime().clock.sleep(waitMs, signal);
      if (signal.aborted) return;
      const sentAt = runtime().clock.monotonic();
      try {
        const renewed = await database.run(
          'hold the lease',
          (db) => store.renewLease(db, this.#lease),
          leaseMs / 2,
        );
        if (signal.aborted) return;
        if (renewed === undefined) {
          this.#validUntil = 0; // another relay has taken it
          return this.lose();
        }
        this.#lease = renewed;
        this.#extendValidity(sentAt);
        waitMs = leaseMs / 4;
      } catch {
        waitMs = leaseMs / 20; // `#loseInTime` ends the lease when the database stays unreachable
      }
    }
  }

  async #loseInTime(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      const leftMs = this.#validUntil - runtime().clock.monotonic();
      if (leftMs <= 0) return this.lose();
      await runtime().clock.sleep(leftMs, this.#ended.signal);
    }
  }
}

/** How long a stop waits for the database to free the lease. */
const RELEASE_MS = 1_000;
