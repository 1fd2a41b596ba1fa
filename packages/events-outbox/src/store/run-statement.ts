import type { SqlResult } from '@openedx-ts/events-sql';
import { OutboxTablesError } from './outbox-tables-error.js';
import type { Queryable } from './queryable.js';

/** Whose tables a statement uses, for its errors. */
export interface StatementOwner {
  readonly table: string;
  /** The version of the tables that the statement needs. */
  readonly version: number;
}

/**
 * Runs one statement, written with `?` for its values in both dialects.
 *
 * @throws OutboxTablesError when the table or a column is missing
 * @throws what the executor throws
 */
export async function runStatement(
  queryable: Queryable,
  owner: StatementOwner,
  text: string,
  values: readonly unknown[] = [],
): Promise<SqlResult> {
  try {
    return await queryable.query(queryable.dialect === 'postgres' ? numbered(text) : text, values);
  } catch (error) {
    const reason = reasonIn(error);
    if (reason === undefined) throw error;
    throw new OutboxTablesError(reason, { table: owner.table, expected: owner.version }, { cause: error });
  }
}

/** `?` for each value, for `IN (…)` and `VALUES (…)`. */
export function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

/** A number of rows as text of a statement: prepared statements of MySQL accept no value there. */
export function limit(rows: number): string {
  if (!Number.isSafeInteger(rows) || rows < 1)
    throw new TypeError('a number of rows must be a whole number, 1 or more');
  return `LIMIT ${rows}`;
}

function numbered(text: string): string {
  let number = 0;
  return text.replaceAll('?', () => {
    number += 1;
    return `$${number}`;
  });
}

/** Undefined table and undefined column, as PostgreSQL and MySQL report them; libraries wrap the error of the driver. */
function reasonIn(error: unknown): 'missing' | 'older' | undefined {
  let found: unknown = error;
  for (let depth = 0; depth < 5 && typeof found === 'object' && found !== null; depth += 1) {
    const { code, errno, cause } = found as { code?: unknown; errno?: unknown; cause?: unknown };
    if (code === '42P01' || errno === 1146) return 'missing';
    if (code === '42703' || errno === 1054) return 'older';
    found = cause;
  }
  return undefined;
}
