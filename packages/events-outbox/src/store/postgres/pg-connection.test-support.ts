import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import type pg from 'pg';

/** Statements on one connection of `pg`, for schedules that are driven step by step. */
export function executorOf(client: pg.Client | pg.PoolClient): SqlExecutor {
  return {
    dialect: 'postgres',
    connection: client,
    query: async (text, values = []) => {
      const { rows, rowCount } = await client.query(text, [...values]);
      return { rows, rowCount: rowCount ?? 0 };
    },
  };
}

/** A pool as a database of the outbox. */
export function databaseOf(pool: pg.Pool): SqlDatabase<pg.PoolClient> {
  return {
    dialect: 'postgres',
    query: async (text, values = []) => {
      const { rows, rowCount } = await pool.query(text, [...values]);
      return { rows, rowCount: rowCount ?? 0 };
    },
    transaction: async (work) => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work(client, executorOf(client));
        await client.query('COMMIT');
        client.release();
        return result;
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
  };
}
