import type { Knex } from 'knex';
import { defineDatabase } from '../define/define-database.js';
import { defineExecutor } from '../define/define-executor.js';
import type { SqlDatabase } from '../port/sql-database.js';
import type { SqlExecutor } from '../port/sql-executor.js';

// #region knex-postgres
export const knexExecutor = (trx: Knex): SqlExecutor =>
  defineExecutor({
    dialect: 'postgres',
    connection: trx,
    isPool: !trx.isTransaction,
    query: async (text, values) => {
      // knex names values with `?`; a `?` of the statement itself is escaped.
      const numbers = [...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
      const sql = text.replaceAll('?', '\\?').replace(/\$\d+/g, '?');
      const { rows, rowCount } = await trx.raw(
        sql,
        numbers.map((number) => values[number - 1]) as Knex.RawBinding[],
      );
      return { rows, rowCount: rowCount ?? 0 };
    },
  });

export const knexDatabase = (knex: Knex): SqlDatabase<Knex.Transaction> =>
  defineDatabase<Knex.Transaction>({
    executor: knexExecutor(knex),
    executorOf: knexExecutor,
    transaction: (work) => knex.transaction(work),
  });
// #endregion knex-postgres
