import { databaseFailure } from '../failures/database-failure.js';
import { withoutValues } from '../failures/without-values.js';
import type { SqlDialect } from '../port/sql-dialect.js';
import type { SqlExecutor, SqlResult } from '../port/sql-executor.js';

/** What an executor is made from. */
export interface ExecutorDefinition {
  readonly dialect: SqlDialect;
  /** The library's transaction or connection. */
  readonly connection: object;
  /** True for a pool, which runs statements concurrently on several connections, or queues them itself. @defaultValue false */
  readonly isPool?: boolean;
  /** Runs one statement with the library. Statements on one connection are run one after another. */
  query(text: string, values: readonly unknown[]): Promise<SqlResult>;
}

/**
 * Makes an executor for a library that has none here: the library runs the statement; the executor recognises the errors
 * that mean that the database is unavailable, and removes the statement's values from those of Drizzle, TypeORM and mysql2.
 */
export function defineExecutor(definition: ExecutorDefinition): SqlExecutor {
  const { dialect, connection, isPool = false } = definition;
  return Object.freeze({
    dialect,
    connection,
    isPool,
    async query(text: string, values: readonly unknown[] = []) {
      try {
        const run = () => definition.query(text, values);
        return await (isPool ? run() : afterPrevious(connection, run));
      } catch (error) {
        throw databaseFailure(withoutValues(error, text));
      }
    },
  });
}

/** `pg` deprecates a statement on a client that executes another one, and other libraries have queues of their own. */
async function afterPrevious<T>(connection: object, run: () => Promise<T>): Promise<T> {
  const result = (lastOf.get(connection) ?? Promise.resolve()).then(run);
  lastOf.set(connection, result.then(ignore, ignore));
  return result;
}

/** The end of the last statement of a connection. */
const lastOf = new WeakMap<object, Promise<void>>();
const ignore = () => {};
