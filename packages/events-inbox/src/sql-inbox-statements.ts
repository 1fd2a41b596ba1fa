import { createHash } from 'node:crypto';
import type { SqlDialect } from '@openedx-ts/events-sql';
import type { InboxKey } from './inbox.js';

/** The statements of an inbox in one dialect. */
export interface SqlInboxStatements {
  /** Inserts a row, or none when there is one with its key. */
  readonly insert: string;
  /** The values of `insert`. */
  valuesOf(key: InboxKey): readonly unknown[];
  /** Deletes rows that are older than its one value, in milliseconds: the oldest `DELETED_ROWS` of them. */
  readonly deleteOld: string;
}

/** Rows that one statement deletes, so that it is short however many are old. */
export const DELETED_ROWS = 1_000;

/** Returns the statements for a table with a plain name. */
export function sqlInboxStatements(dialect: SqlDialect, table: string): SqlInboxStatements {
  const columns = 'group_id, receiver, source, event_id';
  if (dialect === 'postgres') {
    return {
      insert: `INSERT INTO ${table} (${columns}) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      valuesOf: textsOf,
      deleteOld: `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table}
  WHERE handled_at < now() - $1 * interval '1 millisecond' ORDER BY handled_at LIMIT ${DELETED_ROWS}))`,
    };
  }
  return {
    // The hash decides. The texts are for people: a text of more than 64 KiB is cut.
    insert: `INSERT IGNORE INTO ${table} (key_hash, ${columns}) VALUES (?, ?, ?, ?, ?)`,
    valuesOf: (key) => [hashOf(key), ...textsOf(key)],
    deleteOld: `DELETE FROM ${table} WHERE handled_at < TIMESTAMPADD(MICROSECOND, -1000 * ?, NOW(6))
  ORDER BY handled_at LIMIT ${DELETED_ROWS}`,
  };
}

function textsOf({ groupId, receiver, source, id }: InboxKey): readonly string[] {
  return [groupId, receiver, source, id];
}

/** Stored, so it must not change. */
function hashOf(key: InboxKey): Uint8Array {
  return createHash('sha256')
    .update(JSON.stringify(textsOf(key)))
    .digest();
}
