/** The part of PGlite, and of its transactions, that runs statements. */
export interface PgliteClient {
  query(text: string, values?: unknown[]): Promise<PgliteResult>;
}

/** The part of a result of PGlite that is used. */
export interface PgliteResult {
  readonly rows: readonly unknown[];
  /** Of a statement that returns no rows. */
  readonly affectedRows?: number;
}
