import { defineDatabase } from '../define/define-database.js';
import type { SqlDatabase } from '../port/sql-database.js';
import type { KyselyClient, KyselyOptions } from './kysely-client.js';
import { kyselyExecutor } from './kysely-executor.js';

/**
 * Makes a database of Kysely on PostgreSQL, PGlite, MySQL or MariaDB. The work of a transaction gets Kysely's `Transaction`.
 *
 * @param kysely belongs to the caller, who destroys it
 * @throws InvalidOptionsError when the database is neither PostgreSQL nor MySQL, or `dialect` must be given
 */
export function kyselyDatabase<Transaction extends KyselyClient>(
  kysely: KyselyClient & {
    transaction(): { execute<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> };
  },
  options: KyselyOptions = {},
): SqlDatabase<Transaction> {
  const executor = kyselyExecutor(kysely, options);
  return defineDatabase<Transaction>({
    executor,
    executorOf: (transaction) => kyselyExecutor(transaction, { dialect: executor.dialect }),
    transaction: (work) => kysely.transaction().execute(work),
  });
}
