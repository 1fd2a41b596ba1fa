import { PGlite, type Transaction as PgliteTransaction } from '@electric-sql/pglite';
import { sql as drizzleSql } from 'drizzle-orm';
import { drizzle, type PgliteDatabase } from 'drizzle-orm/pglite';
import { CompiledQuery, Kysely, PGliteDialect, type Transaction } from 'kysely';
import { afterAll, beforeAll, describe } from 'vitest';
import { drizzleDatabase } from '../drizzle/drizzle-database.js';
import { drizzleExecutor } from '../drizzle/drizzle-executor.js';
import { kyselyDatabase } from '../kysely/kysely-database.js';
import { kyselyExecutor } from '../kysely/kysely-executor.js';
import { pgliteDatabase } from '../pglite/pglite-database.js';
import { pgliteExecutor } from '../pglite/pglite-executor.js';
import { describeDatabase } from './describe-database.test-support.js';

describe('on PGlite', () => {
  let pglite: PGlite;
  let kysely: Kysely<unknown>;
  let drizzled: PgliteDatabase;
  beforeAll(async () => {
    pglite = await PGlite.create();
    kysely = new Kysely({ dialect: new PGliteDialect({ pglite }) });
    drizzled = drizzle({ client: pglite });
  }, 240_000);
  afterAll(() => pglite.close());

  describeDatabase<PgliteTransaction>('PGlite', ['lists'], () => ({
    database: pgliteDatabase(pglite),
    executorOf: pgliteExecutor,
    run: (transaction, text) => transaction.query(text),
    startItself: (work) => pglite.transaction(work),
  }));

  describeDatabase<Transaction<unknown>>('Kysely', ['lists'], () => ({
    database: kyselyDatabase(kysely),
    executorOf: kyselyExecutor,
    run: (transaction, text) => transaction.executeQuery(CompiledQuery.raw(text)),
    startItself: (work) => kysely.transaction().execute(work),
  }));

  type DrizzleTransaction = Parameters<Parameters<PgliteDatabase['transaction']>[0]>[0];
  describeDatabase<DrizzleTransaction>('Drizzle', ['lists', 'savepoint'], () => ({
    database: drizzleDatabase(drizzled),
    executorOf: drizzleExecutor,
    run: (transaction, text) => transaction.execute(drizzleSql.raw(text)),
    startItself: (work) => drizzled.transaction(work),
    savepoint: (transaction, work) => transaction.transaction(work),
  }));
});
