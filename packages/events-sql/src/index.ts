export { type DatabaseDefinition, defineDatabase } from './define/define-database.js';
export { defineExecutor, type ExecutorDefinition } from './define/define-executor.js';
export type { DrizzleClient, DrizzleOptions } from './drizzle/drizzle-client.js';
export { drizzleDatabase } from './drizzle/drizzle-database.js';
export { drizzleExecutor } from './drizzle/drizzle-executor.js';
export { TransactionAbortedError } from './failures/transaction-aborted-error.js';
export { type Unavailability, unavailabilityOf } from './failures/unavailability.js';
export type {
  KyselyAdapter,
  KyselyClient,
  KyselyOptions,
  KyselyQuery,
  KyselyResult,
} from './kysely/kysely-client.js';
export { kyselyDatabase } from './kysely/kysely-database.js';
export { kyselyExecutor } from './kysely/kysely-executor.js';
export { mysql2Database } from './mysql2/mysql2-database.js';
export { mysql2Executor } from './mysql2/mysql2-executor.js';
export type {
  Mysql2Connection,
  Mysql2Pool,
  Mysql2PoolConnection,
  Mysql2Query,
} from './mysql2/mysql2-pool.js';
export { pgDatabase } from './pg/pg-database.js';
export { pgExecutor } from './pg/pg-executor.js';
export type { ClientOf, PgClient, PgPool, PgPoolClient, PgResult } from './pg/pg-pool.js';
export type { PgliteClient, PgliteResult } from './pglite/pglite-client.js';
export { pgliteDatabase } from './pglite/pglite-database.js';
export { pgliteExecutor } from './pglite/pglite-executor.js';
export type { SqlDatabase } from './port/sql-database.js';
export type { SqlDialect } from './port/sql-dialect.js';
export type { SqlExecutor, SqlResult } from './port/sql-executor.js';
export type { StatementOptions } from './port/statement-options.js';
