import type { SqlDialect } from './sql-dialect.js';

/** Runs statements on one connection, or inside one transaction; what a database lends to the outbox and the inbox. */
export interface SqlExecutor {
  readonly dialect: SqlDialect;
  /**
   * The transaction or connection itself, by which two executors of the same transaction are recognised, such as the
   * client of `pg` or the transaction object of Kysely.
   */
  readonly connection: object;
  /**
   * Runs one statement.
   *
   * @param text with `$1`, `$2` … on PostgreSQL and `?` on MySQL
   * @throws what the database's library throws
   */
  query(text: string, values?: readonly unknown[]): Promise<SqlResult>;
}

/** The outcome of one statement. */
export interface SqlResult {
  /** The rows it returned; none for a statement without result. 64-bit integers may be text, a number or a bigint. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** How many rows it returned, inserted, changed or deleted. */
  readonly rowCount: number;
}
