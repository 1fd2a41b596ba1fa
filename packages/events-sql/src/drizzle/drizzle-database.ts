import { defineDatabase } from '../define/define-database.js';
import type { SqlDatabase } from '../port/sql-database.js';
import type { DrizzleClient, DrizzleOptions } from './drizzle-client.js';
import { drizzleExecutor } from './drizzle-executor.js';

/**
 * Makes a database of Drizzle with the driver node-postgres, PGlite or mysql2. The work of a transaction gets Drizzle's own
 * transaction.
 *
 * @param drizzle its client belongs to the caller, who closes it
 * @throws InvalidOptionsError when the database is neither PostgreSQL nor MySQL, or `dialect` must be given
 */
export function drizzleDatabase<Transaction extends DrizzleClient>(
  drizzle: DrizzleClient & { transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> },
  options: DrizzleOptions = {},
): SqlDatabase<Transaction> {
  const executor = drizzleExecutor(drizzle, options);
  return defineDatabase<Transaction>({
    executor,
    executorOf: (transaction) => drizzleExecutor(transaction, { dialect: executor.dialect }),
    transaction: (work) => drizzle.transaction(work),
  });
}
