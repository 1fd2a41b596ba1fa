import { defineExecutor } from '../define/define-executor.js';
import type { SqlExecutor, SqlResult } from '../port/sql-executor.js';
import type { PgliteClient } from './pglite-client.js';

/** Makes the executor of a transaction of PGlite, or of PGlite itself. */
export function pgliteExecutor(transaction: PgliteClient): SqlExecutor {
  return defineExecutor({
    dialect: 'postgres',
    connection: transaction,
    async query(text, values) {
      const { rows, affectedRows = 0 } = await transaction.query(text, [...values]);
      return { rows: rows as SqlResult['rows'], rowCount: rows.length || affectedRows };
    },
  });
}
