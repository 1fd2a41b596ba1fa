import type { SqlDialect } from './sql-dialect.js';

/** Runs statements on one connection, or inside one transaction; what a database lends to the outbox and the inbox. */
export interface SqlExecutor {
  readonly dialect: SqlDialect;
  /**
   * The transaction or connection itself, by which two executors of the same transaction are recognised, such as the
   * client of `pg` or the transaction object of Kysely.
   */
  readonly connection: object;
  /** True for a pool or a database, whose statements commit by themselves: it is no transaction. @defaultValue not known */
  readonly isPool?: boolean;
  /**
   * Runs one statement. Statements that are called for concurrently run one after another.
   *
   * @param text with `$1`, `$2` … on PostgreSQL and `?` on MySQL
   * @param values text, numbers, bigints, booleans, dates, bytes (`Uint8Array`) and null
   * @throws InfrastructureError when the database is unreachable, accepts no statements, or has chosen this transaction
   *   to end a deadlock; otherwise what the database's library throws
   */
  query(text: string, values?: readonly unknown[]): Promise<SqlResult>;
}

/** The outcome of one statement. */
export interface SqlResult {
  /**
   * The rows it returned; none for a statement without result. Libraries differ in the values: 64-bit integers may be
   * text, a number or a bigint; points in time may be a `Date` or text; bytes are a `Uint8Array`.
   */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** How many rows it returned, inserted, changed or deleted. */
  readonly rowCount: number;
}
