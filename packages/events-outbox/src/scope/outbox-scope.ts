import { IllegalStateError, TransactionEndedError } from '@openedx-ts/events-core';
import type { SqlExecutor } from '@openedx-ts/events-sql';
import type { OutboxEntry } from '../store/outbox-entry.js';

/** The events of one transaction, or of one savepoint in it, until they are stored by its last statement. */
export class OutboxScope {
  /** The outbox that created it: scopes of another one, on another database, are none of its business. */
  readonly outbox: object;
  readonly executor: SqlExecutor;
  /** The transaction as its library knows it. */
  readonly transaction: unknown;
  /** In the order of the sends; a place is empty while its event is being encoded. */
  readonly #entries: (OutboxEntry | undefined)[] = [];
  /** The event types of the empty places. */
  readonly #encoding = new Map<number, string>();
  #failure: { readonly error: unknown } | undefined;
  /** Savepoints that were asked for and have not ended. */
  #inner = 0;
  #lastInner: Promise<void> = Promise.resolve();
  #hasEnded = false;

  constructor(outbox: object, executor: SqlExecutor, transaction: unknown) {
    this.outbox = outbox;
    this.executor = executor;
    this.transaction = transaction;
  }

  /**
   * Encodes an event and keeps it. An event that cannot be encoded fails the transaction, even when the sender ignores
   * the error: it would commit a change without its event.
   */
  collect(eventType: string, encode: () => OutboxEntry | Promise<OutboxEntry>): void | Promise<void> {
    const place = this.#entries.push(undefined) - 1;
    let entry: OutboxEntry | Promise<OutboxEntry>;
    try {
      entry = encode();
    } catch (error) {
      this.fail(error);
      throw error;
    }
    if (entry instanceof Promise) return this.#collectLater(place, eventType, entry);
    this.#entries[place] = entry;
  }

  /** Makes `end` throw this error, unless there was another one before. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Adds the events of an inner scope that has succeeded. */
  merge(entries: readonly OutboxEntry[]): void {
    if (this.#hasEnded) throw innerStillRuns();
    for (const entry of entries) this.#entries.push(entry);
  }

  /**
   * Runs the savepoints of a transaction one after another: on one connection, rolling back the first also rolls back
   * those that were created after it.
   */
  async inTurn<T>(run: () => Promise<T>): Promise<T> {
    this.#inner += 1;
    const result = this.#lastInner.then(() => {
      if (this.#hasEnded) throw innerStillRuns();
      return run();
    });
    this.#lastInner = result.then(ignore, ignore);
    try {
      return await result;
    } finally {
      this.#inner -= 1;
    }
  }

  /**
   * Ends the work of the transaction.
   *
   * @returns the events to store
   * @throws the first error of an event that could not be encoded
   * @throws TransactionEndedError when an event is still being encoded: its sender does not await it
   * @throws IllegalStateError when an inner transaction still runs
   */
  end(): readonly OutboxEntry[] {
    this.#hasEnded = true;
    if (this.#failure !== undefined) throw this.#failure.error;
    const [unawaited] = this.#encoding.values();
    if (unawaited !== undefined) throw new TransactionEndedError(unawaited);
    if (this.#inner > 0) throw innerStillRuns();
    return this.#entries.filter((entry) => entry !== undefined);
  }

  /** Ends the scope, and resolves when no inner one uses its connection any more. */
  async abandon(): Promise<void> {
    this.#hasEnded = true;
    await this.#lastInner;
  }

  async #collectLater(place: number, eventType: string, entry: Promise<OutboxEntry>): Promise<void> {
    this.#encoding.set(place, eventType);
    try {
      this.#entries[place] = await entry;
    } catch (error) {
      this.fail(error);
      throw error;
    } finally {
      this.#encoding.delete(place);
    }
  }
}

function innerStillRuns(): IllegalStateError {
  return new IllegalStateError('commit', 'a transaction inside this one still runs: await it');
}

const ignore = () => {};
