import { randomUUID } from 'node:crypto';
import { InvalidOptionsError } from '@openedx-ts/events-core';
import { defineExecutor } from '../define/define-executor.js';
import type { SqlDialect } from '../port/sql-dialect.js';
import type { SqlExecutor, SqlResult } from '../port/sql-executor.js';
import { mysqlValue } from '../values/mysql-value.js';
import type { KyselyClient, KyselyOptions } from './kysely-client.js';

/**
 * Makes the executor of a transaction of Kysely, or of Kysely itself. Plugins, such as one that renames columns, do not see
 * its statements.
 *
 * @throws InvalidOptionsError when the database is neither PostgreSQL nor MySQL, or `dialect` must be given
 */
export function kyselyExecutor(transaction: KyselyClient, options: KyselyOptions = {}): SqlExecutor {
  const dialect = options.dialect ?? dialectOf(transaction);
  return defineExecutor({
    dialect,
    connection: transaction,
    isPool: !('isTransaction' in transaction && transaction.isTransaction === true),
    async query(text, values) {
      const { rows, numAffectedRows } = await transaction.withoutPlugins().executeQuery({
        sql: text,
        parameters: dialect === 'mysql' ? values.map(mysqlValue) : values,
        query: { kind: 'RawNode', sqlFragments: [text], parameters: [] },
        queryId: { queryId: randomUUID() },
      });
      // PGlite affects no rows when it returns some.
      return { rows: rows as SqlResult['rows'], rowCount: rows.length || Number(numAffectedRows ?? 0) };
    },
  });
}

/** Of the dialects of Kysely only these two have, or lack, both. */
function dialectOf(client: KyselyClient): SqlDialect {
  const { supportsReturning = false, supportsTransactionalDdl = false } = client.getExecutor().adapter;
  if (supportsReturning && supportsTransactionalDdl) return 'postgres';
  if (!supportsReturning && !supportsTransactionalDdl) return 'mysql';
  throw new InvalidOptionsError('kyselyExecutor', [{ path: 'dialect', message: unknownDialect }]);
}

const unknownDialect =
  'the database of this Kysely is neither PostgreSQL nor MySQL by its adapter; if it is, give dialect: postgres or mysql';
