import { type Health, IllegalStateError, type Producer } from '@openedx-ts/events-core';
import { reasonOf, resolveOptions, runtime } from '@openedx-ts/events-core/bus';
import type { SqlDatabase } from '@openedx-ts/events-sql';
import type { OutboxStore } from '../store/outbox-store.js';
import type { HeldLease } from './held-lease.js';
import type { RelayContext } from './relay-context.js';
import { RelayDatabase } from './relay-database.js';
import { RelayLease } from './relay-lease.js';
import { type RelayOptions, relayOptionRules } from './relay-options.js';
import { RelaySession } from './relay-session.js';
import { StoredSchemas } from './stored-schemas.js';

/** What an `OutboxRelay` works with. All of it belongs to the caller, who closes it after the relay. */
export interface OutboxRelayParts {
  /** Its statements are the relay's own; with one connection they wait for open transactions. */
  readonly database: SqlDatabase<unknown>;
  readonly store: OutboxStore;
  readonly producer: Pick<Producer, 'publishEncoded'>;
  readonly options?: RelayOptions;
}

/**
 * Publishes what committed transactions have stored in the outbox, at least once, and in the order of commits for each
 * topic and key. Of several relays on one database one publishes, by lease; the others take over. Nothing is lost and
 * nothing is parked while database, broker or registry fail or refuse: the relay tries again without limit.
 */
export class OutboxRelay implements AsyncDisposable {
  readonly #context: RelayContext;
  readonly #lease: RelayLease;
  readonly #stopping = new AbortController();
  #session: RelaySession | undefined;
  #running: Promise<void> | undefined;
  #failure: unknown;

  /** @throws InvalidOptionsError */
  constructor({ database, store, producer, options = {} }: OutboxRelayParts) {
    const resolved = resolveOptions('outbox relay', options, relayOptionRules);
    const relayed = new RelayDatabase(database);
    const schemas = new StoredSchemas(relayed, store);
    this.#context = { database: relayed, store, producer, options: resolved, schemas };
    const { nextId, sourceHost: host } = runtime();
    const identity = { holder: nextId(), host };
    this.#lease = new RelayLease({ database: relayed, store, leaseMs: resolved.leaseMs, identity });
  }

  /** Looks for entries at once, because a transaction of this process has committed. Cheap; does nothing without the lease. */
  nudge(): void {
    this.#session?.nudge();
  }

  /**
   * Publishes until stopped or aborted, then resolves. Can be called once; resolves at once after `stop`.
   *
   * @throws IllegalStateError when it was called before
   */
  run(options: { readonly abortSignal?: AbortSignal } = {}): Promise<void> {
    if (this.#running !== undefined) return Promise.reject(new IllegalStateError('run', 'running'));
    this.#running = this.#run(options.abortSignal);
    return this.#running;
  }

  /** Starts no further batch, and frees the lease when those in flight are accepted, after `closeTimeoutMs` at the latest. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Stops, and waits for `run`. Safe to call twice. */
  async close(): Promise<void> {
    this.stop();
    await this.#running?.catch(() => {}); // the caller of run has the error
  }

  /** Not ready while the database fails, or the bus does not accept a topic. A relay that stands by is ready. */
  health(): Health {
    if (this.#failure !== undefined)
      return notReady(`the relay of the outbox failed: ${reasonOf(this.#failure)}`, false);
    if (this.#running === undefined) return notReady('the relay of the outbox is not running', true);
    if (this.#stopping.signal.aborted) return notReady('the relay of the outbox is stopped', false);
    const reasons = [...this.#context.database.problems, ...(this.#session?.problems ?? [])];
    return { live: true, ready: reasons.length === 0, reasons };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(abortSignal: AbortSignal | undefined): Promise<void> {
    const stop = () => this.stop();
    if (abortSignal?.aborted) stop();
    abortSignal?.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        const held = await this.#lease.acquire(this.#stopping.signal);
        if (held === undefined) return;
        await this.#publish(held);
      }
    } catch (error) {
      this.#failure = error;
      runtime().logger.error({ err: error }, 'the relay of the outbox stopped with an error');
      throw error;
    } finally {
      abortSignal?.removeEventListener('abort', stop);
      stop();
    }
  }

  /** Publishes while the lease is held. */
  async #publish(held: HeldLease): Promise<void> {
    const { signal: stopping } = this.#stopping;
    const loseInTime = async () => {
      await runtime().clock.sleep(this.#context.options.closeTimeoutMs, held.signal);
      held.lose();
    };
    stopping.addEventListener('abort', loseInTime, { once: true, signal: held.signal });
    if (stopping.aborted) void loseInTime();
    const session = new RelaySession(this.#context, held);
    this.#session = session;
    runtime().logger.info({}, 'this relay holds the lease of the outbox and publishes');
    try {
      await session.run(stopping);
    } finally {
      this.#session = undefined;
      await held.release();
      runtime().logger.info({}, 'this relay does not hold the lease of the outbox any more');
    }
  }
}

function notReady(reason: string, live: boolean): Health {
  return { live, ready: false, reasons: [reason] };
}
