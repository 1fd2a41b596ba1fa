import {
  type Mysql2Pool,
  type Mysql2PoolConnection,
  mysql2Database,
  type PgPool,
  pgDatabase,
  type SqlDatabase,
} from '@openedx-ts/events-sql';
import type { DatabaseUrl } from './database-url.js';
import { loadDriver } from './load-driver.js';

/** A database that a command has opened. */
export interface OpenedDatabase {
  readonly database: SqlDatabase<unknown>;
  /** Closes its connections. */
  close(): Promise<void>;
}

/** How a command uses a database. */
export interface DatabaseUse {
  /** The folder whose project has the database's library. */
  readonly cwd: string;
  /** How long a statement may take, in milliseconds. @defaultValue without limit: a migration may wait for a lock */
  readonly statementTimeoutMs?: number | undefined;
}

/**
 * Makes a pool of connections with `pg` or `mysql2`. It connects when the first statement is run.
 *
 * @throws CommandError when the library is not installed
 */
export async function openDatabase(
  { text, dialect }: DatabaseUrl,
  use: DatabaseUse,
): Promise<OpenedDatabase> {
  return dialect === 'postgres' ? openPostgres(text, use) : openMysql(text, use);
}

interface PgModule {
  readonly Pool: new (
    options: object,
  ) => PgPool & {
    end(): Promise<void>;
    on(event: 'error', listener: () => void): unknown;
  };
}

async function openPostgres(url: string, { cwd, statementTimeoutMs }: DatabaseUse): Promise<OpenedDatabase> {
  const { Pool } = (await loadDriver('pg', cwd)) as PgModule;
  const pool = new Pool({
    connectionString: url,
    fallback_application_name: 'openedx-events',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    ...(statementTimeoutMs === undefined ? {} : { query_timeout: statementTimeoutMs }),
  });
  pool.on('error', () => {}); // of an idle connection; the next statement connects again
  return { database: pgDatabase(pool), close: () => pool.end() };
}

interface Mysql2Module {
  createPool(options: object): Mysql2Pool<Mysql2PoolConnection> & { end(): Promise<void> };
}

async function openMysql(url: string, { cwd }: DatabaseUse): Promise<OpenedDatabase> {
  const { createPool } = (await loadDriver('mysql2/promise', cwd)) as Mysql2Module;
  const pool = createPool({ uri: url, connectTimeout: CONNECT_TIMEOUT_MS, enableKeepAlive: true });
  return { database: mysql2Database(pool), close: () => pool.end() };
}

const CONNECT_TIMEOUT_MS = 10_000;
