export type { SqlDatabase } from './sql-database.js';
export type { SqlDialect } from './sql-dialect.js';
export type { SqlExecutor, SqlResult } from './sql-executor.js';
