import { defineDatabase } from '../define/define-database.js';
import type { SqlDatabase } from '../port/sql-database.js';
import type { PgliteClient } from './pglite-client.js';
import { pgliteExecutor } from './pglite-executor.js';

/**
 * Makes a database of PGlite, which has one connection: while a transaction runs, every other statement waits for its end.
 *
 * @param pglite belongs to the caller, who closes it
 */
export function pgliteDatabase<Transaction extends PgliteClient>(
  pglite: PgliteClient & { transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> },
): SqlDatabase<Transaction> {
  return defineDatabase<Transaction>({
    executor: pgliteExecutor(pglite),
    executorOf: pgliteExecutor,
    transaction: (work) => pglite.transaction(work),
  });
}
