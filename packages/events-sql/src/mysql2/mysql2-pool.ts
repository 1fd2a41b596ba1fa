/** The part of a connection of `mysql2/promise` that is used. */
export interface Mysql2Connection {
  query(options: Mysql2Query): Promise<readonly [unknown, unknown]>;
}

/** A statement of `mysql2`; its options overrule those of the connection. */
export interface Mysql2Query {
  readonly sql: string;
  readonly values?: unknown[];
  readonly supportBigNumbers: true;
  readonly rowsAsArray: false;
}

/** The part of a connection that a pool lends. */
export interface Mysql2PoolConnection extends Mysql2Connection {
  /** Returns the connection to its pool. */
  release(): void;
  /** Closes the connection and takes it out of its pool. */
  destroy(): void;
}

/** The part of a pool of `mysql2/promise` that is used. */
export interface Mysql2Pool<Connection extends Mysql2PoolConnection> {
  getConnection(): Promise<Connection>;
}
