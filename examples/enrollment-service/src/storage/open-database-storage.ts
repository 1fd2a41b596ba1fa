import { PGlite } from '@electric-sql/pglite';
import { postgresOutboxStore, sqlOutbox } from '@openedx-ts/events-outbox';
import { kyselyDatabase } from '@openedx-ts/events-sql';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import { databaseEnrollmentRepository } from './database-enrollment-repository.js';
import { createTables, type DatabaseTables } from './database-tables.js';
import type { EnrollmentStorage } from './enrollment-storage.js';

/**
 * Opens a database with enrolments and their outbox, and creates what is missing in it.
 *
 * @param url of a PostgreSQL; without it a database inside this process, which ends with it
 * @throws InfrastructureError when the database is unreachable
 */
export async function openDatabaseStorage(url: string | undefined): Promise<EnrollmentStorage> {
  const kysely = new Kysely<DatabaseTables>({
    dialect: url
      ? new PostgresDialect({ pool: postgresPool(url) })
      : new PGliteDialect({ pglite: () => PGlite.create() }),
  });
  try {
    const database = kyselyDatabase(kysely);
    await createTables(database);
    await postgresOutboxStore().migrate(database);
    const outbox = sqlOutbox(database);
    return {
      change: (work) => outbox.transaction((trx) => work(databaseEnrollmentRepository(trx))),
      outbox,
      close: () => kysely.destroy(),
    };
  } catch (error) {
    await kysely.destroy();
    throw error;
  }
}

function postgresPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, statement_timeout: 30_000 });
  // A connection that breaks emits an error, which would end the process if nobody listened.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {});
  return pool;
}
