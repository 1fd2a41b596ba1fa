import type { SqlResult } from '../port/sql-executor.js';

/** What the libraries of PostgreSQL resolve with: pg has `rowCount`, PGlite `affectedRows`, postgres.js an array with `count`. */
interface RawResult {
  readonly rows?: SqlResult['rows'];
  readonly rowCount?: number | null;
  readonly affectedRows?: number;
  readonly count?: number | null;
}

/** Reads the result of a library of PostgreSQL. */
export function postgresResult(raw: unknown): SqlResult {
  const { rows, rowCount, affectedRows, count } = raw as RawResult;
  const all = Array.isArray(raw) ? raw : (rows ?? []);
  return { rows: all, rowCount: rowCount ?? count ?? (all.length || (affectedRows ?? 0)) };
}
