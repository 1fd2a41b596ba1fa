/** One change of the outbox's tables. Migrations are applied in order, each once. */
export interface OutboxMigration {
  /** 1 for the first. */
  readonly version: number;
  /**
   * The lowest version of this package's own tables with which a process can still use tables of this version: a
   * process that knows `readableFrom` or later continues while a deployment proceeds.
   */
  readonly readableFrom: number;
  /** What it changes, for people. */
  readonly summary: string;
  /** Single statements, in order. */
  readonly statements: readonly string[];
}
