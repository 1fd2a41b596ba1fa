/** The part of a database of Drizzle, and of its transactions, that is used. */
export interface DrizzleClient {
  /** Runs an object with `getSQL()`, Drizzle's `SQLWrapper`. */
  execute(query: never): PromiseLike<unknown>;
}

/** Options of `drizzleDatabase` and `drizzleExecutor`. */
export interface DrizzleOptions {
  /** For an object that wraps Drizzle's own, such as that of `withReplicas`. @defaultValue found by the class */
  readonly dialect?: 'postgres' | 'mysql';
}
