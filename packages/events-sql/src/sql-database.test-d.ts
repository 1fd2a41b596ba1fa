import type { PGlite, Transaction as PgliteTransaction } from '@electric-sql/pglite';
import type { MySql2Database, MySql2Transaction } from 'drizzle-orm/mysql2';
import type { NodePgDatabase, NodePgTransaction } from 'drizzle-orm/node-postgres';
import type { ExtractTablesWithRelations } from 'drizzle-orm/relations';
import type { Kysely, Transaction } from 'kysely';
import type * as mysql from 'mysql2/promise';
import type pg from 'pg';
import { describe, expectTypeOf, it } from 'vitest';
import { drizzleDatabase } from './drizzle/drizzle-database.js';
import { kyselyDatabase } from './kysely/kysely-database.js';
import { mysql2Database } from './mysql2/mysql2-database.js';
import { mysql2Executor } from './mysql2/mysql2-executor.js';
import { pgDatabase } from './pg/pg-database.js';
import { pgExecutor } from './pg/pg-executor.js';
import { pgliteDatabase } from './pglite/pglite-database.js';
import type { SqlDatabase } from './port/sql-database.js';
import type { SqlExecutor } from './port/sql-executor.js';
import {
  type PrismaClient,
  prismaDatabase,
  prismaExecutor,
  type TransactionClient,
} from './recipes/prisma-executor.test-support.js';

interface Tables {
  enrollments: { id: string };
}

describe('databases', () => {
  it('pass the library’s own transaction to the work', () => {
    expectTypeOf(pgDatabase({} as pg.Pool)).toEqualTypeOf<SqlDatabase<pg.PoolClient>>();
    expectTypeOf(pgliteDatabase({} as PGlite)).toEqualTypeOf<SqlDatabase<PgliteTransaction>>();
    expectTypeOf(kyselyDatabase({} as Kysely<Tables>)).toEqualTypeOf<SqlDatabase<Transaction<Tables>>>();
    expectTypeOf(mysql2Database({} as mysql.Pool)).toEqualTypeOf<SqlDatabase<mysql.PoolConnection>>();
    type NoTables = Record<string, never>;
    expectTypeOf(drizzleDatabase({} as NodePgDatabase<NoTables>)).toEqualTypeOf<
      SqlDatabase<NodePgTransaction<NoTables, ExtractTablesWithRelations<NoTables>>>
    >();
    expectTypeOf(drizzleDatabase({} as MySql2Database<NoTables>)).toEqualTypeOf<
      SqlDatabase<MySql2Transaction<NoTables, ExtractTablesWithRelations<NoTables>>>
    >();
    expectTypeOf(prismaDatabase({} as PrismaClient)).toEqualTypeOf<SqlDatabase<TransactionClient>>();
    expectTypeOf(prismaExecutor({} as TransactionClient)).toEqualTypeOf<SqlExecutor>();
  });

  it('make executors of connections whose transaction the user has started', () => {
    expectTypeOf(pgExecutor({} as pg.Client)).toEqualTypeOf<SqlExecutor>();
    expectTypeOf(mysql2Executor({} as mysql.Connection)).toEqualTypeOf<SqlExecutor>();
  });

  it('refuse the connections of mysql2 that have callbacks', () => {
    // @ts-expect-error: it resolves nothing; call promise() on it
    mysql2Executor({} as import('mysql2').Connection);
  });
});
