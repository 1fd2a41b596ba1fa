import { mysql2Database, pgDatabase, type SqlDatabase } from '@openedx-ts/events-sql';
import { createPool } from 'mysql2/promise';
import pg from 'pg';

/** Where a database is. */
export interface DatabaseAddress {
  readonly dialect: 'postgres' | 'mysql';
  readonly url: string;
}

/** A pool of connections, as a database. */
export interface OpenDatabase {
  readonly database: SqlDatabase<unknown>;
  close(): Promise<void>;
}

/** Opens a pool with so many connections. */
export function openDatabase({ dialect, url }: DatabaseAddress, connections: number): OpenDatabase {
  if (dialect === 'mysql') {
    const pool = createPool({ uri: url, connectionLimit: connections });
    return { database: mysql2Database(pool), close: () => pool.end() };
  }
  const pool = new pg.Pool({ connectionString: url, max: connections });
  pool.on('error', () => {}); // whoever uses the connection gets the error, too
  return { database: pgDatabase(pool), close: () => pool.end() };
}
