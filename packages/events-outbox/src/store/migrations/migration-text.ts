import type { SqlDialect } from '@openedx-ts/events-sql';
import type { OutboxTables } from '../outbox-tables.js';
import type { OutboxMigration } from './outbox-migration.js';

/** The statements that record a migration, to be run after its own. */
export function recordMigration(
  dialect: SqlDialect,
  { migrations }: OutboxTables,
  { version, readableFrom }: OutboxMigration,
): string {
  const end =
    dialect === 'postgres'
      ? 'ON CONFLICT DO NOTHING'
      : `ON DUPLICATE KEY UPDATE ${migrations}.version = ${migrations}.version`;
  return `INSERT INTO ${migrations} (version, readable_from) VALUES (${version}, ${readableFrom}) ${end}`;
}

/** Migrations as a script for `psql` or `mysql`. On PostgreSQL it is one transaction. */
export function migrationText(
  dialect: SqlDialect,
  tables: OutboxTables,
  versionTable: string,
  migrations: readonly OutboxMigration[],
): string {
  const statements = migrations.flatMap((migration) => [
    `-- Version ${migration.version}: ${migration.summary}`,
    ...[...migration.statements, recordMigration(dialect, tables, migration)].map((text) => `${text};`),
  ]);
  const script = [`${versionTable};`, ...statements];
  return `${(dialect === 'postgres' ? ['BEGIN;', ...script, 'COMMIT;'] : script).join('\n')}\n`;
}
