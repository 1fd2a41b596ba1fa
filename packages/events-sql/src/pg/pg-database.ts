import { databaseFailure } from '../failures/database-failure.js';
import { TransactionAbortedError } from '../failures/transaction-aborted-error.js';
import { unavailabilityOf } from '../failures/unavailability.js';
import type { SqlDatabase } from '../port/sql-database.js';
import { pooledTransaction } from '../transactions/pooled-transaction.js';
import { pgExecutor } from './pg-executor.js';
import type { ClientOf, PgPool, PgPoolClient } from './pg-pool.js';

/**
 * Makes a database of a pool of `pg`. The work of a transaction gets the pool's client.
 *
 * @param pool belongs to the caller, who closes it
 */
export function pgDatabase<Pool extends PgPool>(pool: Pool): SqlDatabase<ClientOf<Pool>> {
  return Object.freeze({
    dialect: 'postgres',
    async query(text: string, values?: readonly unknown[]) {
      const { client, release } = await lend(pool).catch((error: unknown) => {
        throw databaseFailure(error);
      });
      try {
        const result = await pgExecutor(client).query(text, values);
        release(false);
        return result;
      } catch (error) {
        release(unavailabilityOf((error as Error).cause) === 'unreachable');
        throw error;
      }
    },
    transaction: (work) =>
      pooledTransaction(async () => {
        const { client, release } = await lend(pool);
        return {
          connection: client as ClientOf<Pool>,
          executor: pgExecutor(client),
          begin: () => client.query('BEGIN'),
          async commit() {
            const { command } = await client.query('COMMIT');
            if (command !== 'COMMIT') throw TransactionAbortedError.ofPostgres();
          },
          rollback: () => client.query('ROLLBACK'),
          release,
        };
      }, work),
  } satisfies SqlDatabase<ClientOf<Pool>>);
}

async function lend(pool: PgPool) {
  const client: PgPoolClient = await pool.connect();
  client.on('error', ignore);
  const release = (isBroken: boolean) => {
    client.off('error', ignore);
    client.release(isBroken);
  };
  return { client, release };
}

/** A broken connection fails its query and also emits `error`; without a listener that would end the process. */
const ignore = () => {};
