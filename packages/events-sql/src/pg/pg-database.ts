import { TransactionAbortedError } from '../failures/transaction-aborted-error.js';
import type { SqlDatabase } from '../port/sql-database.js';
import { pooledDatabase } from '../transactions/pooled-database.js';
import { pgExecutor } from './pg-executor.js';
import type { ClientOf, PgPool, PgPoolClient } from './pg-pool.js';

/**
 * Makes a database of a pool of `pg`. The work of a transaction gets the pool's client.
 *
 * @param pool belongs to the caller, who closes it
 */
export function pgDatabase<Pool extends PgPool>(pool: Pool): SqlDatabase<ClientOf<Pool>> {
  ignoreErrorsOfClients(pool);
  return pooledDatabase('postgres', async () => {
    const client = await pool.connect();
    return {
      connection: client as ClientOf<Pool>,
      executor: pgExecutor(client),
      begin: () => client.query('BEGIN'),
      async commit() {
        const { command } = await client.query('COMMIT');
        if (command !== 'COMMIT') throw TransactionAbortedError.ofPostgres();
      },
      rollback: () => client.query('ROLLBACK'),
      release: (isBroken) => client.release(isBroken),
    };
  });
}

/**
 * A broken connection fails its query and also emits `error`; without a listener that would end the process. The pool's
 * own listener is gone before `connect` resolves, and a server that stops may send its error together with what `connect`
 * waits for.
 */
function ignoreErrorsOfClients(pool: PgPool): void {
  if (listenedTo.has(pool)) return;
  listenedTo.add(pool);
  pool.on('acquire', (client: PgPoolClient) => {
    client.off('error', ignore);
    client.on('error', ignore);
  });
}

const listenedTo = new WeakSet<PgPool>();
const ignore = () => {};
