import type { SqlDialect } from './sql-dialect.js';
import type { SqlExecutor, SqlResult } from './sql-executor.js';

/**
 * A database as its library knows it: a pool, or the one connection of an embedded database. It belongs to the caller, who
 * closes it.
 *
 * @typeParam Transaction - what the library passes to the work of a transaction, e.g. Kysely's `Transaction<DB>`
 */
export interface SqlDatabase<Transaction> {
  readonly dialect: SqlDialect;
  /** Runs one statement in a transaction of its own. */
  query(text: string, values?: readonly unknown[]): Promise<SqlResult>;
  /**
   * Runs work in a transaction, which commits when the work resolves and rolls back when it rejects.
   *
   * @param work gets the library's own transaction, and an executor inside the same transaction
   * @throws what the work throws
   * @throws InfrastructureError when the database is unreachable
   */
  transaction<T>(work: (transaction: Transaction, executor: SqlExecutor) => Promise<T>): Promise<T>;
}
