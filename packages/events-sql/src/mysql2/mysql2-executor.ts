import { defineExecutor } from '../define/define-executor.js';
import type { SqlExecutor } from '../port/sql-executor.js';
import { mysqlResult } from '../results/mysql-result.js';
import { mysqlValue } from '../values/mysql-value.js';
import type { Mysql2Connection } from './mysql2-pool.js';

/**
 * Makes the executor of a connection of `mysql2/promise`, for a transaction that you have started on it.
 *
 * @param connection belongs to the caller
 */
export function mysql2Executor(connection: Mysql2Connection): SqlExecutor {
  return defineExecutor({
    dialect: 'mysql',
    connection,
    isPool: 'getConnection' in connection,
    async query(sql, values) {
      const [first] = await connection.query({
        sql,
        values: values.map(mysqlValue),
        supportBigNumbers: true,
        rowsAsArray: false,
      });
      return mysqlResult(first);
    },
  });
}
