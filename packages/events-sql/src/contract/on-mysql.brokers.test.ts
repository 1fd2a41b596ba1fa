import { type MysqlServer, mysqlOrReason } from '@openedx-ts/brokers';
import { sql as drizzleSql } from 'drizzle-orm';
import { drizzle, type MySql2Database } from 'drizzle-orm/mysql2';
import { CompiledQuery, Kysely, MysqlDialect, type Transaction } from 'kysely';
import { createPool as createCallbackPool } from 'mysql2';
import { createPool, type Pool, type PoolConnection, type PoolOptions } from 'mysql2/promise';
import { DataSource, type EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe } from 'vitest';
import { drizzleDatabase } from '../drizzle/drizzle-database.js';
import { drizzleExecutor } from '../drizzle/drizzle-executor.js';
import { kyselyDatabase } from '../kysely/kysely-database.js';
import { kyselyExecutor } from '../kysely/kysely-executor.js';
import { mysql2Database } from '../mysql2/mysql2-database.js';
import { mysql2Executor } from '../mysql2/mysql2-executor.js';
import { typeormDatabase, typeormExecutor } from '../recipes/typeorm-executor.test-support.js';
import { describeDatabase } from './describe-database.test-support.js';

const mysql = await mysqlOrReason({ own: true });

describe.skipIf(mysql.reason !== undefined)(mysql.titled('on MySQL or MariaDB'), () => {
  let server: MysqlServer;
  let pool: Pool;
  let admin: Pool;
  let kysely: Kysely<unknown>;
  let drizzled: MySql2Database;
  let dataSource: DataSource;

  beforeAll(async () => {
    server = await mysql.start();
    pool = open();
    admin = open();
    kysely = new Kysely({ dialect: new MysqlDialect({ pool: createCallbackPool(settings()) }) });
    drizzled = drizzle({ client: pool });
    dataSource = await new DataSource({ type: 'mysql', url: server.url, timezone: 'Z' }).initialize();
  });
  afterAll(async () => {
    await Promise.all([pool.end(), admin.end(), kysely.destroy(), dataSource.destroy()]);
    await server[Symbol.asyncDispose]();
  });

  const settings = (options: PoolOptions = {}): PoolOptions => ({
    uri: server.url,
    timezone: 'Z',
    ...options,
  });
  const open = (options?: PoolOptions) => createPool(settings(options));
  const elsewhere = (text: string) => admin.query(text);
  const withFullPool = async <T>(use: (full: Pool) => Promise<T>): Promise<T> => {
    const full = open({ connectionLimit: 1, waitForConnections: false });
    const connection = await full.getConnection();
    try {
      return await use(full);
    } finally {
      connection.release();
      await full.end();
    }
  };

  describeDatabase<PoolConnection>('mysql2', ['elsewhere', 'exhausted', 'abandon'], () => ({
    database: mysql2Database(pool),
    executorOf: mysql2Executor,
    run: (connection, text) => connection.query(text),
    startItself: async (work) => {
      const connection = await pool.getConnection();
      try {
        await connection.beginTransaction();
        const result = await work(connection);
        await connection.commit();
        return result;
      } finally {
        connection.release();
      }
    },
    elsewhere,
    exhausted: (use) => withFullPool((full) => use(mysql2Database(full))),
    single: async (use) => {
      const single = open({ connectionLimit: 1 });
      return use(mysql2Database(single)).finally(() => single.end());
    },
  }));

  describeDatabase<Transaction<unknown>>('Kysely', ['elsewhere'], () => ({
    database: kyselyDatabase(kysely),
    executorOf: kyselyExecutor,
    run: (transaction, text) => transaction.executeQuery(CompiledQuery.raw(text)),
    startItself: (work) => kysely.transaction().execute(work),
    elsewhere,
  }));

  type DrizzleTransaction = Parameters<Parameters<MySql2Database['transaction']>[0]>[0];
  describeDatabase<DrizzleTransaction>('Drizzle', ['elsewhere', 'exhausted', 'savepoint'], () => ({
    database: drizzleDatabase(drizzled),
    executorOf: drizzleExecutor,
    run: (transaction, text) => transaction.execute(drizzleSql.raw(text)),
    startItself: (work) => drizzled.transaction(work),
    savepoint: (transaction, work) => transaction.transaction(work),
    elsewhere,
    exhausted: (use) => withFullPool((full) => use(drizzleDatabase(drizzle({ client: full })))),
  }));

  describeDatabase<EntityManager>('TypeORM', ['elsewhere'], () => ({
    database: typeormDatabase(dataSource),
    executorOf: typeormExecutor,
    run: (manager, text) => manager.query(text),
    startItself: (work) => dataSource.transaction(work),
    elsewhere,
  }));
});
