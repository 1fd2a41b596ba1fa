import type { SqlResult } from '../port/sql-executor.js';

/** Reads the first value that mysql2 resolves with: rows, or the header of a statement without rows. */
export function mysqlResult(raw: unknown): SqlResult {
  if (Array.isArray(raw)) return { rows: raw, rowCount: raw.length };
  const { affectedRows } = (raw ?? {}) as { readonly affectedRows?: number };
  return { rows: [], rowCount: affectedRows ?? 0 };
}
