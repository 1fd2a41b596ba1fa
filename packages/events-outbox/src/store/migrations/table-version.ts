import type { OutboxTables } from '../outbox-tables.js';
import { OutboxTablesError } from '../outbox-tables-error.js';
import type { Queryable } from '../queryable.js';
import { numberOf } from '../row-values.js';
import { runStatement, type StatementOwner } from '../run-statement.js';

/** The version of tables in a database. */
export interface TableVersion {
  /** 0 when there are none. */
  readonly version: number;
  /** The lowest version of this package's own tables that can still use them. */
  readonly readableFrom: number;
}

/** Reads the version of the tables. No statement fails when they are missing, which would end a transaction. */
export async function readTableVersion(
  queryable: Queryable,
  { migrations }: OutboxTables,
  owner: StatementOwner,
): Promise<TableVersion> {
  if (!(await exists(queryable, migrations, owner))) return { version: 0, readableFrom: 0 };
  const text = `SELECT version, readable_from FROM ${migrations} ORDER BY version DESC LIMIT 1`;
  const { rows } = await runStatement(queryable, owner, text);
  return rows[0] === undefined
    ? { version: 0, readableFrom: 0 }
    : { version: numberOf(rows[0], 'version') ?? 0, readableFrom: numberOf(rows[0], 'readable_from') ?? 0 };
}

/** @throws OutboxTablesError when this package cannot use tables of that version */
export function assertUsable(
  { version, readableFrom }: TableVersion,
  { table, version: expected }: StatementOwner,
): void {
  if (version === 0) throw new OutboxTablesError('missing', { table, expected });
  if (version < expected) throw new OutboxTablesError('older', { table, found: version, expected });
  if (readableFrom > expected) throw new OutboxTablesError('newer', { table, found: version, expected });
}

/**
 * `to_regclass` would be shorter, and can miss a table that another transaction has created since this one started: it
 * asks the connection's cache of names.
 */
async function exists(queryable: Queryable, table: string, owner: StatementOwner): Promise<boolean> {
  const [name = '', namespace = null] = table.split('.').reverse();
  const isPostgres = queryable.dialect === 'postgres';
  const text = isPostgres
    ? `SELECT 1 AS found FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = lower(?)
  AND CASE WHEN CAST(? AS text) IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = lower(?) END`
    : `SELECT 1 AS found FROM information_schema.tables
  WHERE table_name = ? AND table_schema = COALESCE(?, DATABASE())`;
  const values = isPostgres ? [name, namespace, namespace] : [name, namespace];
  return (await runStatement(queryable, owner, text, values)).rows.length > 0;
}
