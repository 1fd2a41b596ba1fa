import type { SqlDatabase } from '../port/sql-database.js';
import type { SqlExecutor } from '../port/sql-executor.js';

/** What a library can do beyond the contract; tests that need more are not registered. */
export type Ability =
  /** It has savepoints of its own: `savepoint`. */
  | 'savepoint'
  /** Other connections can reach the database: `elsewhere`. */
  | 'elsewhere'
  /** A pool can refuse to wait for a connection: `exhausted`. */
  | 'exhausted'
  /** A statement can be abandoned: `single`. */
  | 'abandon'
  /** A list is one value of a statement; on PostgreSQL. */
  | 'lists';

/** A library with its database, as a test file has opened it. */
export interface LibraryUnderTest<Transaction> {
  readonly database: SqlDatabase<Transaction>;
  /** Makes the executor of a transaction that the library itself has started. */
  executorOf(transaction: Transaction): SqlExecutor;
  /** Runs a statement with the library's own means. */
  run(transaction: Transaction, text: string): Promise<unknown>;
  /** Starts a transaction with the library's own means, and rejects when the work rejects. */
  startItself<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Runs work in a savepoint with the library's own means, where it has any. */
  savepoint?(transaction: Transaction, work: (inner: Transaction) => Promise<void>): Promise<void>;
  /** Runs a statement on another connection; missing where there is only one. */
  elsewhere?(text: string): Promise<unknown>;
  /** A database whose only connection is in use, and that does not wait for it. */
  exhausted?<T>(use: (database: SqlDatabase<unknown>) => Promise<T>): Promise<T>;
  /** A database with one connection. */
  single?<T>(use: (database: SqlDatabase<unknown>) => Promise<T>): Promise<T>;
}
