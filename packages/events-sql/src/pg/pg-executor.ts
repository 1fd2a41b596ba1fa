import { defineExecutor } from '../define/define-executor.js';
import type { SqlExecutor } from '../port/sql-executor.js';
import type { PgClient } from './pg-pool.js';

/**
 * Makes the executor of a client of `pg`, for a transaction that you have started on it.
 *
 * @param client belongs to the caller
 */
export function pgExecutor(client: PgClient): SqlExecutor {
  return defineExecutor({
    dialect: 'postgres',
    connection: client,
    isPool: 'totalCount' in client,
    async query(text, values) {
      const { rows, rowCount } = await client.query(text, values);
      return { rows, rowCount: rowCount ?? 0 };
    },
  });
}
