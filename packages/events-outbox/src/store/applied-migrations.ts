/** What a migration did. */
export interface AppliedMigrations {
  /** The version before; 0 when there were no tables. */
  readonly from: number;
  /** The version now; greater than this package's own when a later one has migrated the tables. */
  readonly to: number;
}
