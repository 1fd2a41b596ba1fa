/** How a MySQL or MariaDB for a test is configured. */
export interface MysqlOptions {
  /** Further settings of the server, `name = value`; they come last. */
  readonly config?: readonly string[];
  /**
   * True for a server that writes each commit to the disk before it answers, for measurements.
   * @defaultValue false: what was committed outlives the server and not the machine
   */
  readonly fsync?: boolean;
  /** True for a server that this test alone uses and controls, even when `TEST_MYSQL_URL` names one. */
  readonly own?: boolean;
}

/** Whether only a server that nobody else configures will do. */
export function wantsOwnMysql({ own, ...configuration }: MysqlOptions): boolean {
  return own === true || Object.keys(configuration).length > 0;
}
