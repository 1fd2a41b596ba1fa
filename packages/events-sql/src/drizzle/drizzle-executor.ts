import { InvalidOptionsError } from '@openedx-ts/events-core';
import { defineExecutor } from '../define/define-executor.js';
import type { SqlDialect } from '../port/sql-dialect.js';
import type { SqlExecutor } from '../port/sql-executor.js';
import { mysqlResult } from '../results/mysql-result.js';
import { postgresResult } from '../results/postgres-result.js';
import { mysqlValue } from '../values/mysql-value.js';
import type { DrizzleClient, DrizzleOptions } from './drizzle-client.js';

/**
 * Makes the executor of a transaction of Drizzle, or of its database: of the drivers node-postgres, PGlite and mysql2.
 *
 * @throws InvalidOptionsError when the database is neither PostgreSQL nor MySQL, or `dialect` must be given
 */
export function drizzleExecutor(transaction: DrizzleClient, options: DrizzleOptions = {}): SqlExecutor {
  const kinds = kindsOf(transaction);
  const dialect = options.dialect ?? dialectOf(kinds);
  return defineExecutor({
    dialect,
    connection: transaction,
    isPool: !kinds.some((kind) => kind.endsWith('Transaction')) && !('rollback' in transaction),
    async query(text, values) {
      if (dialect === 'postgres') return postgresResult(await transaction.execute(statement(text, values)));
      const raw = await transaction.execute(statement(text, values.map(mysqlValue)));
      return mysqlResult((raw as readonly unknown[])[0]);
    },
  });
}

/** The two methods by which Drizzle reads a statement that is passed to `execute`; its own `sql` has no other way for values. */
function statement(sql: string, params: readonly unknown[]): never {
  const wrapper = { getSQL: () => wrapper, toQuery: () => ({ sql, params: [...params] }) };
  return wrapper as never;
}

/** Drizzle's names of the object's class and the classes above it; they are the same in every copy of Drizzle. */
function kindsOf(client: DrizzleClient): string[] {
  const kinds: string[] = [];
  for (let one: unknown = client.constructor; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
    const kind = (one as unknown as Record<symbol, unknown>)[Symbol.for('drizzle:entityKind')];
    if (typeof kind === 'string') kinds.push(kind);
  }
  return kinds;
}

function dialectOf(kinds: readonly string[]): SqlDialect {
  if (kinds.includes('PgDatabase')) return 'postgres';
  if (kinds.includes('MySqlDatabase')) return 'mysql';
  throw new InvalidOptionsError('drizzleExecutor', [{ path: 'dialect', message: unknownDialect }]);
}

const unknownDialect =
  'this object is no database or transaction of Drizzle for PostgreSQL or MySQL; if it wraps one, give dialect: postgres or mysql';
