import type { SqlExecutor } from '@openedx-ts/events-sql';
import type { AppliedMigrations } from '../applied-migrations.js';
import type { OutboxTables } from '../outbox-tables.js';
import { runStatement, type StatementOwner } from '../run-statement.js';
import { recordMigration } from './migration-text.js';
import type { OutboxMigration } from './outbox-migration.js';
import { assertUsable, readTableVersion } from './table-version.js';

/**
 * Applies the migrations that are missing. The caller holds the lock under which only one process migrates.
 *
 * @throws OutboxTablesError when the tables are newer than this package can read
 */
export async function migrateTables(
  executor: SqlExecutor,
  tables: OutboxTables,
  versionTable: string,
  migrations: readonly OutboxMigration[],
): Promise<AppliedMigrations> {
  const owner: StatementOwner = { table: tables.pending, version: migrations.length };
  const found = await readTableVersion(executor, tables, owner);
  if (found.version > owner.version) assertUsable(found, owner);
  const missing = migrations.filter(({ version }) => version > found.version);
  if (missing.length > 0) await runStatement(executor, owner, versionTable);
  for (const migration of missing) {
    const record = recordMigration(executor.dialect, tables, migration);
    for (const text of [...migration.statements, record]) await runStatement(executor, owner, text);
  }
  return { from: found.version, to: Math.max(found.version, owner.version) };
}
