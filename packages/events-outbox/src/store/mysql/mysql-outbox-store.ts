import { EventsError } from '@openedx-ts/events-core';
import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import { migrateTables } from '../migrations/migrate-tables.js';
import { migrationText } from '../migrations/migration-text.js';
import { mysqlMigrations, mysqlVersionTable } from '../migrations/mysql-migrations.js';
import { assertUsable, readTableVersion } from '../migrations/table-version.js';
import type { OutboxStore } from '../outbox-store.js';
import { type OutboxStoreOptions, outboxTables } from '../outbox-tables.js';
import { bigintOf, numberOf } from '../row-values.js';
import { runStatement, type StatementOwner } from '../run-statement.js';
import { storeOf } from '../statements/store-of.js';
import { lockLanes } from './lock-lanes.js';
import { mysqlAppend } from './mysql-append.js';
import { MysqlPending } from './mysql-pending.js';

/**
 * The outbox in MySQL (8.0 or later) or MariaDB (10.6 or later), under READ COMMITTED or REPEATABLE READ. Lanes are rows.
 *
 * @throws InvalidOptionsError
 */
export function mysqlOutboxStore(options: OutboxStoreOptions = {}): OutboxStore {
  const tables = outboxTables('mysqlOutboxStore', options);
  const migrations = mysqlMigrations(tables);
  const versionTable = mysqlVersionTable(tables);
  const owner = { table: tables.pending, version: migrations.length };
  return storeOf('mysql', tables, owner, {
    pending: new MysqlPending(tables, owner),
    append: mysqlAppend(tables, owner),
    migrate: (database) =>
      underLock(database, owner, (executor) => migrateTables(executor, tables, versionTable, migrations)),
    migrationText: (from = 0) =>
      migrationText(
        'mysql',
        tables,
        versionTable,
        migrations.filter(({ version }) => version > from),
      ),
    checkVersion: async (queryable) => assertUsable(await readTableVersion(queryable, tables, owner), owner),
    redrive: {
      lockLanes: async (executor, lanes) => void (await lockLanes(executor, tables, owner, lanes)),
      insertPending: async (executor, text, values) => {
        await runStatement(executor, owner, text, values);
        const { rows } = await runStatement(
          executor,
          owner,
          'SELECT CAST(LAST_INSERT_ID() AS char) AS position',
        );
        return bigintOf(rows[0] ?? {}, 'position');
      },
    },
  });
}

/**
 * Runs work while this connection alone holds a lock of the server. CREATE TABLE commits, so a lock of the transaction
 * would not last; the lock of a connection that breaks is free.
 */
async function underLock<T>(
  database: SqlDatabase<unknown>,
  owner: StatementOwner,
  work: (executor: SqlExecutor) => Promise<T>,
): Promise<T> {
  let done: { readonly result: T } | undefined;
  try {
    await database.transaction(async (_, executor) => {
      await lock(executor, owner);
      try {
        done = { result: await work(executor) };
      } finally {
        await runStatement(executor, owner, `SELECT RELEASE_LOCK(${LOCK_NAME})`, [owner.table]);
      }
    });
  } catch (error) {
    // The transaction has ended at the first CREATE TABLE. Each statement behind it has committed by itself.
    const hasCommitted = EventsError.is(error) && error.code === 'EVENTS_TRANSACTION_ABORTED';
    if (done === undefined || !hasCommitted) throw error;
  }
  if (done === undefined) throw new Error('the database resolved a transaction whose work it has not run');
  return done.result;
}

/** Other databases of the server have locks of their own. */
async function lock(executor: SqlExecutor, owner: StatementOwner): Promise<void> {
  const text = `SELECT GET_LOCK(${LOCK_NAME}, ${LOCK_WAIT_SECONDS}) AS locked`;
  const { rows } = await runStatement(executor, owner, text, [owner.table]);
  if (rows[0] !== undefined && numberOf(rows[0], 'locked') === 1) return;
  throw new Error(
    `another process has migrated the tables of ${owner.table} for ${LOCK_WAIT_SECONDS} seconds: run "openedx-events outbox migrate" when it has ended`,
  );
}

/** A name has at most 64 characters. The connection may have no database, when the table is qualified with one. */
const LOCK_NAME = `SHA1(CONCAT_WS('.', DATABASE(), ?))`;
const LOCK_WAIT_SECONDS = 60;
