import { type PostgresServer, postgresOrReason } from '@openedx-ts/brokers';
import { sql as drizzleSql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import knex, { type Knex } from 'knex';
import { CamelCasePlugin, CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { drizzleDatabase } from '../drizzle/drizzle-database.js';
import { drizzleExecutor } from '../drizzle/drizzle-executor.js';
import { kyselyDatabase } from '../kysely/kysely-database.js';
import { kyselyExecutor } from '../kysely/kysely-executor.js';
import { pgDatabase } from '../pg/pg-database.js';
import { pgExecutor } from '../pg/pg-executor.js';
import { knexDatabase, knexExecutor } from '../recipes/knex-executor.test-support.js';
import { describeDatabase } from './describe-database.test-support.js';

const postgres = await postgresOrReason({ own: true });

describe.skipIf(postgres.reason !== undefined)(postgres.titled('on PostgreSQL'), () => {
  let server: PostgresServer;
  let admin: pg.Pool;
  let pool: pg.Pool;
  let kysely: Kysely<unknown>;
  let drizzled: NodePgDatabase;
  let knexed: Knex;
  const warnings: Error[] = [];
  const keepWarning = (warning: Error) => void warnings.push(warning);

  beforeAll(async () => {
    process.on('warning', keepWarning);
    server = await postgres.start();
    admin = open();
    pool = open();
    kysely = kyselyOf(open());
    drizzled = drizzle({ client: pool });
    knexed = knex({ client: 'pg', connection: server.url });
  });
  afterAll(async () => {
    await Promise.all([admin.end(), pool.end(), kysely.destroy(), knexed.destroy()]);
    await server[Symbol.asyncDispose]();
    process.off('warning', keepWarning);
    expect(warnings).toEqual([]); // pg warns of a statement on a client that executes another
  });

  const open = (options: pg.PoolConfig = {}) => {
    const opened = new pg.Pool({ connectionString: server.url, ...options });
    opened.on('error', () => {});
    // A client that is lent by a library has no listener, and a connection that is cut emits `error`.
    opened.on('connect', (client) => void client.on('error', () => {}));
    return opened;
  };
  const kyselyOf = (of: pg.Pool) =>
    new Kysely<unknown>({ dialect: new PostgresDialect({ pool: of }), plugins: [new CamelCasePlugin()] });
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

  describeDatabase<pg.PoolClient>('pg', ['lists', 'elsewhere', 'exhausted', 'abandon'], () => ({
    database: pgDatabase(pool),
    executorOf: pgExecutor,
    run: (client, text) => client.query(text),
    startItself: async (work) => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      } finally {
        client.release();
      }
    },
    elsewhere,
    exhausted: (use) => withFullPool((full) => use(pgDatabase(full))),
    single: async (use) => {
      const single = open({ max: 1 });
      return use(pgDatabase(single)).finally(() => single.end());
    },
  }));

  describeDatabase<Transaction<unknown>>('Kysely', ['lists', 'elsewhere', 'exhausted'], () => ({
    database: kyselyDatabase(kysely),
    executorOf: kyselyExecutor,
    run: (transaction, text) => transaction.executeQuery(CompiledQuery.raw(text)),
    startItself: (work) => kysely.transaction().execute(work),
    elsewhere,
    exhausted: (use) => withFullPool((full) => use(kyselyDatabase(kyselyOf(full)))),
  }));

  type DrizzleTransaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0];
  describeDatabase<DrizzleTransaction>('Drizzle', ['lists', 'elsewhere', 'exhausted', 'savepoint'], () => ({
    database: drizzleDatabase(drizzled),
    executorOf: drizzleExecutor,
    run: (transaction, text) => transaction.execute(drizzleSql.raw(text)),
    startItself: (work) => drizzled.transaction(work),
    savepoint: (transaction, work) => transaction.transaction(work),
    elsewhere,
    exhausted: (use) => withFullPool((full) => use(drizzleDatabase(drizzle({ client: full })))),
  }));

  describeDatabase<Knex.Transaction>('knex', ['lists', 'elsewhere', 'savepoint'], () => ({
    database: knexDatabase(knexed),
    executorOf: knexExecutor,
    run: async (trx, text) => trx.raw(text),
    startItself: (work) => knexed.transaction(work),
    savepoint: (trx, work) => trx.transaction(work),
    elsewhere,
  }));
});
