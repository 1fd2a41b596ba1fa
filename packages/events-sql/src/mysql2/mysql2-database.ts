import { TransactionAbortedError } from '../failures/transaction-aborted-error.js';
import type { SqlDatabase } from '../port/sql-database.js';
import { pooledDatabase } from '../transactions/pooled-database.js';
import { mysql2Executor } from './mysql2-executor.js';
import type { Mysql2Pool, Mysql2PoolConnection } from './mysql2-pool.js';

/**
 * Makes a database of a pool of `mysql2/promise`, for MySQL and MariaDB. The work of a transaction gets the pool's
 * connection.
 *
 * @param pool belongs to the caller, who closes it
 */
export function mysql2Database<Connection extends Mysql2PoolConnection>(
  pool: Mysql2Pool<Connection>,
): SqlDatabase<Connection> {
  return pooledDatabase('mysql', async () => {
    const connection = await pool.getConnection();
    const run = (sql: string) => connection.query({ sql, supportBigNumbers: true, rowsAsArray: false });
    return {
      connection,
      executor: mysql2Executor(connection),
      begin: () => run('START TRANSACTION'),
      async commit() {
        const [header] = await run('DO 0');
        if (!isInTransaction(header)) throw TransactionAbortedError.ofMysql();
        await run('COMMIT');
      },
      rollback: () => run('ROLLBACK'),
      release: (isBroken) => (isBroken ? connection.destroy() : connection.release()),
    };
  });
}

/**
 * After a deadlock that the work ignored, or a statement before which the database commits, COMMIT has nothing to commit and
 * succeeds. The header of every result has the status of the connection, as MySQL's client/server protocol defines.
 */
function isInTransaction(header: unknown): boolean {
  const { serverStatus = 0 } = header as { readonly serverStatus?: number };
  return (serverStatus & SERVER_STATUS_IN_TRANS) !== 0;
}

const SERVER_STATUS_IN_TRANS = 1;
