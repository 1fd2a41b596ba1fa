import { PGlite, type Transaction as PgliteTransaction } from '@electric-sql/pglite';
import { kyselyDatabase, kyselyExecutor, pgliteDatabase } from '@openedx-ts/events-sql';
import { Kysely, PGliteDialect, type Transaction } from 'kysely';
import { afterAll, beforeAll, describe, expectTypeOf, it } from 'vitest';
import type { Inbox } from './inbox.js';
import { sqlInbox } from './sql-inbox.js';
import { describeSqlInbox } from './sql-inbox-contract.test-support.js';

describe('sqlInbox on PGlite, through Kysely', () => {
  let pglite: PGlite;
  let kysely: Kysely<unknown>;
  beforeAll(async () => {
    pglite = await PGlite.create();
    kysely = new Kysely({ dialect: new PGliteDialect({ pglite }) });
  }, 240_000);
  afterAll(() => kysely.destroy());

  describeSqlInbox<Transaction<unknown>>(() => kyselyDatabase(kysely), kyselyExecutor);

  it('passes the library’s own transaction to the receiver', () => {
    expectTypeOf(sqlInbox(pgliteDatabase(pglite))).toEqualTypeOf<Inbox<PgliteTransaction>>();
  });
});
