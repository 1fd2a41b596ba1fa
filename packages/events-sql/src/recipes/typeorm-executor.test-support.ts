import type { DataSource, EntityManager } from 'typeorm';
import { defineDatabase } from '../define/define-database.js';
import { defineExecutor } from '../define/define-executor.js';
import type { SqlDatabase } from '../port/sql-database.js';
import type { SqlExecutor } from '../port/sql-executor.js';

// #region typeorm-mysql
export const typeormExecutor = (manager: EntityManager): SqlExecutor =>
  defineExecutor({
    dialect: 'mysql',
    connection: manager,
    isPool: manager.queryRunner === undefined,
    query: async (text, values) => {
      const raw = await manager.query(text, [...values]);
      return Array.isArray(raw)
        ? { rows: raw, rowCount: raw.length }
        : { rows: [], rowCount: raw.affectedRows };
    },
  });

export const typeormDatabase = (dataSource: DataSource): SqlDatabase<EntityManager> =>
  defineDatabase<EntityManager>({
    executor: typeormExecutor(dataSource.manager),
    executorOf: typeormExecutor,
    transaction: (work) => dataSource.transaction(work),
  });
// #endregion typeorm-mysql
