import { PGlite, type Transaction } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe } from 'vitest';
import { pgliteDatabase } from '../pglite/pglite-database.js';
import { pgliteExecutor } from '../pglite/pglite-executor.js';
import { describeDatabase } from './describe-database.test-support.js';

describe('on PGlite', () => {
  let pglite: PGlite;
  beforeAll(async () => {
    pglite = await PGlite.create();
  }, 120_000);
  afterAll(() => pglite.close());

  describeDatabase<Transaction>('PGlite', [], () => ({
    database: pgliteDatabase(pglite),
    executorOf: pgliteExecutor,
    run: (transaction, text) => transaction.query(text),
    startItself: (work) => pglite.transaction(work),
  }));
});
