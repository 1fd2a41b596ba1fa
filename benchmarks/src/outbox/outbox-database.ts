import { startMysql, startPostgres } from '@openedx-ts/brokers';
import {
  mysqlOutboxStore,
  type OutboxEntry,
  type OutboxStore,
  postgresOutboxStore,
} from '@openedx-ts/events-outbox';
import { mysql2Database, pgDatabase, type SqlDatabase, type SqlDialect } from '@openedx-ts/events-sql';
import { createPool } from 'mysql2/promise';
import pg from 'pg';

/** A database with the tables of an outbox, on a server of its own that writes each commit to the disk. */
export interface OutboxDatabase extends AsyncDisposable {
  readonly database: SqlDatabase<unknown>;
  readonly store: OutboxStore;
  readonly url: string;
  /** Appends entries by one transaction. */
  append(entries: readonly OutboxEntry[]): Promise<void>;
  /** Deletes all rows of a table, and what the database still keeps of deleted ones. */
  empty(table: string): Promise<void>;
}

/** Starts the server, and creates the tables. */
export async function startOutboxDatabase(dialect: SqlDialect): Promise<OutboxDatabase> {
  const options = { own: true, fsync: true };
  const server = dialect === 'postgres' ? await startPostgres(options) : await startMysql(options);
  const { database, close } = dialect === 'postgres' ? openPostgres(server.url) : openMysql(server.url);
  const store = dialect === 'postgres' ? postgresOutboxStore() : mysqlOutboxStore();
  await store.migrate(database);
  return {
    database,
    store,
    url: server.url,
    append: (entries) => database.transaction((_, executor) => store.append(executor, entries)),
    empty: async (table) => {
      await database.query(`TRUNCATE TABLE ${table}`);
    },
    [Symbol.asyncDispose]: async () => {
      await close();
      await server[Symbol.asyncDispose]();
    },
  };
}

interface Pool {
  readonly database: SqlDatabase<unknown>;
  readonly close: () => Promise<void>;
}

function openPostgres(url: string): Pool {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  pool.on('error', () => {}); // whoever uses the connection gets the error, too
  return { database: pgDatabase(pool), close: () => pool.end() };
}

function openMysql(url: string): Pool {
  const pool = createPool({ uri: url, connectionLimit: connections });
  return { database: mysql2Database(pool), close: () => pool.end() };
}

/** For sixteen writers, and what a relay needs beside them. */
const connections = 24;
