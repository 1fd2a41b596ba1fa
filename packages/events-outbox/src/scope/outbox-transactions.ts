import { TransactionEndedError } from '@openedx-ts/events-core';
import { TransactionScope } from '@openedx-ts/events-core/bus';
import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import type { OutboxEntry } from '../store/outbox-entry.js';
import type { OutboxStore } from '../store/outbox-store.js';
import { OutboxScope } from './outbox-scope.js';

/** What the transactions of an outbox need from it. */
export interface OutboxTransactionsParts<Transaction> {
  readonly database: SqlDatabase<Transaction>;
  readonly store: Pick<OutboxStore, 'append'>;
  /** Called before events are stored. @throws when the outbox must store nothing any more */
  readonly mustAccept: () => void;
  /** Called when a transaction with events has committed. */
  readonly onCommitted: () => void;
}

/** Runs work in transactions, and stores the events that the work has sent as the last statement of each. */
export class OutboxTransactions<Transaction> {
  readonly #parts: OutboxTransactionsParts<Transaction>;
  readonly #running = new Set<Promise<unknown>>();
  #savepoints = 0;

  constructor(parts: OutboxTransactionsParts<Transaction>) {
    this.#parts = parts;
  }

  /** The scope of this async context; undefined when there is none. It may have ended. */
  get #found(): { readonly scope: OutboxScope; readonly isOpen: boolean } | undefined {
    for (let found = TransactionScope.current(); found !== undefined; found = found.parent) {
      const { owner, isOpen } = found;
      if (owner instanceof OutboxScope && owner.outbox === this) return { scope: owner, isOpen };
    }
    return undefined;
  }

  /** Whether a transaction is open in this async context. */
  get isInside(): boolean {
    return this.#found?.isOpen === true;
  }

  /**
   * Returns the scope to which an event of this async context belongs; undefined for none.
   *
   * @throws TransactionEndedError
   */
  scopeFor(eventType: string): OutboxScope | undefined {
    const found = this.#found;
    if (found?.isOpen === false) throw new TransactionEndedError(eventType);
    return found?.scope;
  }

  /** Runs work in a transaction of its own, or in a savepoint of the one that is open in this async context. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const found = this.#found;
    return this.track(found?.isOpen === true ? this.#savepoint(found.scope, work) : this.#outermost(work));
  }

  /** Runs work in a transaction that its caller has started and commits. */
  within<T>(executor: SqlExecutor, work: () => T | Promise<T>): Promise<T> {
    return this.track(this.#within(executor, work));
  }

  /** Resolves when no transaction runs any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /** Makes `settled` wait for work that stores events in a transaction of its own. */
  track<T>(running: Promise<T>): Promise<T> {
    this.#running.add(running);
    const ended = () => this.#running.delete(running);
    running.then(ended, ended);
    return running;
  }

  async #outermost<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { database, onCommitted } = this.#parts;
    let run: ScopeRun | undefined;
    let result: T;
    let hasEvents = false;
    try {
      result = await database.transaction(async (transaction, executor) => {
        run?.rollBack(new Error('the library of the database runs the transaction again'));
        const current = new ScopeRun(new OutboxScope(this, executor, transaction));
        run = current;
        try {
          const [value, entries] = await current.work(() => work(transaction));
          hasEvents = await this.#store(executor, entries);
          return value;
        } catch (error) {
          current.rollBack(error);
          throw error;
        }
      });
    } catch (error) {
      run?.rollBack(error);
      throw error;
    }
    run?.commit();
    if (hasEvents) onCommitted();
    return result;
  }

  #savepoint<T>(outer: OutboxScope, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { executor } = outer;
    // The transaction of a scope is the one of this database's library, or the connection of an executor for it.
    const transaction = outer.transaction as Transaction;
    this.#savepoints += 1;
    const name = `event_outbox_${this.#savepoints}`;
    return outer.inTurn(async () => {
      await executor.query(`SAVEPOINT ${name}`);
      const run = new ScopeRun(new OutboxScope(this, executor, transaction));
      try {
        const [value, entries] = await run.work(() => work(transaction));
        await executor.query(`RELEASE SAVEPOINT ${name}`);
        outer.merge(entries);
        run.commit();
        return value;
      } catch (error) {
        run.rollBack(error);
        // A database that has ended the whole transaction, as MySQL after a deadlock, has no such savepoint any more.
        await rollBackTo(executor, name).catch(() => outer.fail(error));
        throw error;
      }
    });
  }

  async #within<T>(executor: SqlExecutor, work: () => T | Promise<T>): Promise<T> {
    const found = this.#found;
    const isSame = found?.isOpen === true && found.scope.executor.connection === executor.connection;
    const run = new ScopeRun(new OutboxScope(this, executor, executor.connection));
    let result: T;
    try {
      const [value, entries] = await run.work(work);
      if (isSame) found.scope.merge(entries);
      else await this.#store(executor, entries);
      result = value;
    } catch (error) {
      run.rollBack(error);
      throw error;
    }
    run.commit();
    return result;
  }

  async #store(executor: SqlExecutor, entries: readonly OutboxEntry[]): Promise<boolean> {
    this.#parts.mustAccept();
    if (entries.length > 0) await this.#parts.store.append(executor, entries);
    return entries.length > 0;
  }
}

async function rollBackTo(executor: SqlExecutor, savepoint: string): Promise<void> {
  await executor.query(`ROLLBACK TO SAVEPOINT ${savepoint}`);
  await executor.query(`RELEASE SAVEPOINT ${savepoint}`);
}

/** One run of work in a scope. */
class ScopeRun {
  readonly #scope: OutboxScope;
  readonly #context: TransactionScope;

  constructor(scope: OutboxScope) {
    this.#scope = scope;
    this.#context = new TransactionScope(scope);
  }

  /** @returns the result of the work, and the events that it has sent; later ones are refused */
  async work<T>(work: () => T | Promise<T>): Promise<readonly [T, readonly OutboxEntry[]]> {
    try {
      const value = await this.#context.run(work);
      this.#context.end();
      return [value, this.#scope.end()];
    } finally {
      this.#context.end();
      // Work of an inner scope that nobody awaits must not go on with a connection that was returned to its pool.
      await this.#scope.abandon();
    }
  }

  commit(): void {
    this.#context.commit();
  }

  rollBack(cause: unknown): void {
    this.#context.rollBack(cause);
  }
}
