import { migrateTables } from '../migrations/migrate-tables.js';
import { migrationText } from '../migrations/migration-text.js';
import { postgresMigrations, postgresVersionTable } from '../migrations/postgres-migrations.js';
import { assertUsable, readTableVersion } from '../migrations/table-version.js';
import type { OutboxStore } from '../outbox-store.js';
import { type OutboxStoreOptions, outboxTables } from '../outbox-tables.js';
import { bigintOf } from '../row-values.js';
import { runStatement } from '../run-statement.js';
import { storeOf } from '../statements/store-of.js';
import { LANE_LOCKS, MIGRATION_LOCK } from './lane-locks.js';
import { postgresAppend } from './postgres-append.js';
import { PostgresPending } from './postgres-pending.js';

/**
 * The outbox in PostgreSQL (13 or later) or PGlite. Lanes are advisory locks of the transaction.
 *
 * @throws InvalidOptionsError
 */
export function postgresOutboxStore(options: OutboxStoreOptions = {}): OutboxStore {
  const tables = outboxTables('postgresOutboxStore', options);
  const migrations = postgresMigrations(tables);
  const versionTable = postgresVersionTable(tables);
  const owner = { table: tables.pending, version: migrations.length };
  return storeOf('postgres', tables, owner, {
    pending: new PostgresPending(tables, owner),
    append: postgresAppend(tables, owner),
    migrate: (database) =>
      database.transaction(async (_, executor) => {
        const lock = `SELECT pg_advisory_xact_lock(${LANE_LOCKS}, ${MIGRATION_LOCK})`;
        await runStatement(executor, owner, lock);
        return migrateTables(executor, tables, versionTable, migrations);
      }),
    migrationText: (from = 0) =>
      migrationText(
        'postgres',
        tables,
        versionTable,
        migrations.filter(({ version }) => version > from),
      ),
    checkVersion: async (queryable) => assertUsable(await readTableVersion(queryable, tables, owner), owner),
    redrive: {
      lockLanes: async (executor, lanes) => {
        const lock = `SELECT pg_advisory_xact_lock(${LANE_LOCKS}, lane) FROM unnest(CAST(? AS integer[])) AS lanes (lane)`;
        await runStatement(executor, owner, lock, [lanes]);
      },
      insertPending: async (executor, text, values) => {
        const insert = `${text} RETURNING CAST(position AS text) AS position`;
        const { rows } = await runStatement(executor, owner, insert, values);
        return bigintOf(rows[0] ?? {}, 'position');
      },
    },
  });
}
