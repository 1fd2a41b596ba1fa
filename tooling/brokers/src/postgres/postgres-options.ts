/** How a PostgreSQL for a test is configured. */
export interface PostgresOptions {
  /** Another server than that of this machine: from Docker, else from npm. */
  readonly edition?: PostgresEdition;
  /** Further lines of postgresql.conf, `name = value`; they come last. */
  readonly config?: readonly string[];
  /**
   * True for a server that writes each commit to the disk before it answers, for measurements.
   * @defaultValue false: what was committed outlives the server and not the machine
   */
  readonly fsync?: boolean;
  /** True for a server that this test alone uses and controls, even when `TEST_POSTGRES_URL` names one. */
  readonly own?: boolean;
}

/** Servers of several major versions: the oldest that is supported, the usual one, the newest. */
export type PostgresEdition = 'postgres-13' | 'postgres-15' | 'postgres-18';

/** Whether only a server that nobody else configures will do. */
export function wantsOwnPostgres({ own, ...configuration }: PostgresOptions): boolean {
  return own === true || Object.keys(configuration).length > 0;
}
