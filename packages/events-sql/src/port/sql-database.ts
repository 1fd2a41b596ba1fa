import type { SqlDialect } from './sql-dialect.js';
import type { SqlExecutor, SqlResult } from './sql-executor.js';
import type { StatementOptions } from './statement-options.js';

/**
 * A database as its library knows it: a pool, or the one connection of an embedded database. It belongs to the caller, who
 * closes it.
 *
 * @typeParam Transaction - what the library passes to the work of a transaction, e.g. Kysely's `Transaction<DB>`
 */
export interface SqlDatabase<Transaction> {
  readonly dialect: SqlDialect;
  /**
   * Runs one statement in a transaction of its own.
   *
   * @throws InfrastructureError when the database is unreachable; otherwise what its library throws
   */
  query(text: string, values?: readonly unknown[], options?: StatementOptions): Promise<SqlResult>;
  /**
   * Runs work in a transaction, which commits when the work resolves and rolls back when it rejects.
   *
   * @param work gets the library's own transaction, and an executor inside the same transaction
   * @throws what the work throws
   * @throws InfrastructureError when the database is unreachable, or has chosen the transaction to end a deadlock. When the
   *   connection is lost during COMMIT, the transaction may have been committed; the message states so
   * @throws Error when the work has ignored the failure of a statement, and the database therefore rolls back
   */
  transaction<T>(
    work: (transaction: Transaction, executor: SqlExecutor) => Promise<T>,
    options?: StatementOptions,
  ): Promise<T>;
}
