import type { OptionRule } from '@openedx-ts/events-core/bus';
import type { SqlDialect } from '@openedx-ts/events-sql';

/**
 * Returns the statements that create the table of `sqlInbox`, for your migrations. Safe to run twice.
 *
 * @param table may be qualified with a schema
 * @throws TypeError for a name that is not plain
 */
export function sqlInboxTable(dialect: SqlDialect, table: string = tableRule.defaultValue): string[] {
  const problem = tableRule.problem(table);
  if (problem !== undefined) throw new TypeError(`sqlInboxTable: table ${problem}`);
  return dialect === 'postgres' ? postgresTable(table) : mysqlTable(table);
}

/** The name becomes part of statements, so it must be plain. */
export const tableRule = {
  defaultValue: 'events_inbox',
  problem: (value) =>
    typeof value === 'string' && /^[a-z_]\w{0,40}(\.[a-z_]\w{0,40})?$/i.test(value)
      ? undefined
      : 'must be a plain name such as events_inbox or app.events_inbox',
} as const satisfies OptionRule<string>;

function postgresTable(table: string): string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (
  group_id text NOT NULL,
  receiver text NOT NULL,
  source text NOT NULL,
  event_id text NOT NULL,
  handled_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (group_id, receiver, source, event_id)
)`,
    `CREATE INDEX IF NOT EXISTS ${table.replace('.', '_')}_handled_at ON ${table} (handled_at)`,
  ];
}

/** An index of MySQL holds 3,072 bytes and its collations equate texts that differ, so a hash of the key is the key. */
function mysqlTable(table: string): string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (
  key_hash binary(32) NOT NULL PRIMARY KEY,
  group_id text NOT NULL,
  receiver text NOT NULL,
  source text NOT NULL,
  event_id text NOT NULL,
  handled_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  KEY handled_at (handled_at)
) CHARACTER SET utf8mb4`,
  ];
}
