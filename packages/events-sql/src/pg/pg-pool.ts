/** The part of a client of `pg` that is used: of a `Client`, or one lent by a `Pool`. */
export interface PgClient {
  query(text: string, values?: readonly unknown[]): Promise<PgResult>;
}

/** The part of a result of `pg` that is used. */
export interface PgResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly rowCount: number | null;
  /** The statement that was executed, such as `COMMIT`. */
  readonly command: string;
}

/** The part of a client that a pool lends. */
export interface PgPoolClient extends PgClient {
  /** Returns the client to its pool; with `true`, the pool closes it. */
  release(isBroken?: boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of a `pg` pool that is used. */
export interface PgPool {
  connect(): Promise<PgPoolClient>;
  /** `acquire` comes before a client is lent. */
  on(event: 'acquire', listener: (client: PgPoolClient) => void): unknown;
}

/** The client that a pool lends. The pool of `pg` has a second `connect`, with a callback. */
export type ClientOf<Pool> = Pool extends {
  connect(): Promise<infer Client>;
  connect(callback: never): void;
}
  ? Client
  : Pool extends { connect(): Promise<infer Client> }
    ? Client
    : never;
