/**
 * Returns the database's own error for one in which a library shows the values of the statement: Drizzle and TypeORM wrap
 * the error with them, PGlite and mysql2 keep them in fields of the error. Values may be personal, and errors are logged.
 */
export function withoutValues(error: unknown, text: string): unknown {
  const cause = withoutWrapper(error);
  if (!(cause instanceof Error)) return cause;
  if ('sql' in cause) Object.assign(cause, { sql: text });
  if ('params' in cause) Object.assign(cause, { params: [] });
  return cause;
}

/** The error inside the wrapper of Drizzle or TypeORM. Wrappers of others are not followed: theirs may be of any connection. */
export function withoutWrapper(error: unknown): unknown {
  if (!(error instanceof Error) || !('query' in error)) return error;
  if ('params' in error) return error.cause ?? error;
  return 'parameters' in error && 'driverError' in error ? error.driverError : error;
}
