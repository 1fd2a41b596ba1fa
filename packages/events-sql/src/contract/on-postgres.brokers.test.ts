import { type PostgresServer, postgresOrReason } from '@openedx-ts/brokers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { pgDatabase } from '../pg/pg-database.js';
import { pgExecutor } from '../pg/pg-executor.js';
import { describeDatabase } from './describe-database.test-support.js';

const postgres = await postgresOrReason({ own: true });

describe.skipIf(postgres.reason !== undefined)(postgres.titled('on PostgreSQL'), () => {
  let server: PostgresServer;
  let admin: pg.Pool;
  let pool: pg.Pool;
  const warnings: Error[] = [];
  const keepWarning = (warning: Error) => void warnings.push(warning);

  beforeAll(async () => {
    process.on('warning', keepWarning);
    server = await postgres.start();
    admin = open();
    pool = open();
  });
  afterAll(async () => {
    await Promise.all([admin.end(), pool.end()]);
    await server[Symbol.asyncDispose]();
    process.off('warning', keepWarning);
    expect(warnings).toEqual([]); // pg warns of a statement on a client that executes another
  });

  const open = (options: pg.PoolConfig = {}) => {
    const opened = new pg.Pool({ connectionString: server.url, ...options });
    opened.on('error', () => {});
    return opened;
  };
  const elsewhere = (text: string) => admin.query(text);
  const withFullPool = async <T>(use: (full: pg.Pool) => Promise<T>): Promise<T> => {
    const full = open({ max: 1, connectionTimeoutMillis: 100 });
    const client = await full.connect();
    try {
      return await use(full);
    } finally {
      client.release();
      await full.end();
    }
  };
  const startItself = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } finally {
      client.release();
    }
  };

  describeDatabase('pg', ['elsewhere', 'exhausted'], () => ({
    database: pgDatabase(pool),
    executorOf: pgExecutor,
    run: (client: pg.PoolClient, text) => client.query(text),
    startItself,
    elsewhere,
    exhausted: (use) => withFullPool((full) => use(pgDatabase(full))),
  }));
});
