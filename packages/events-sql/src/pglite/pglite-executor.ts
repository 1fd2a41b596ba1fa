import { defineExecutor } from '../define/define-executor.js';
import type { SqlExecutor } from '../port/sql-executor.js';
import { postgresResult } from '../results/postgres-result.js';
import type { PgliteClient } from './pglite-client.js';

/** Makes the executor of a transaction of PGlite, or of PGlite itself. */
export function pgliteExecutor(transaction: PgliteClient): SqlExecutor {
  return defineExecutor({
    dialect: 'postgres',
    connection: transaction,
    isPool: 'transaction' in transaction,
    async query(text, values) {
      return postgresResult(await transaction.query(text, [...values]));
    },
  });
}
