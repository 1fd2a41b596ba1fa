import { defineDatabase } from '../define/define-database.js';
import { defineExecutor } from '../define/define-executor.js';
import type { SqlDatabase } from '../port/sql-database.js';
import type { SqlExecutor, SqlResult } from '../port/sql-executor.js';

/** What every generated client has; in a service these are its `PrismaClient` and `Prisma.TransactionClient`. */
export interface TransactionClient {
  $queryRawUnsafe<T = unknown>(text: string, ...values: unknown[]): Promise<T>;
  $executeRawUnsafe(text: string, ...values: unknown[]): Promise<number>;
}

export interface PrismaClient extends TransactionClient {
  $transaction<T>(work: (transaction: TransactionClient) => Promise<T>): Promise<T>;
}

// #region prisma
export const prismaExecutor = (prisma: TransactionClient): SqlExecutor =>
  defineExecutor({
    dialect: 'postgres',
    connection: prisma,
    isPool: '$transaction' in prisma,
    query: async (text, values) => {
      const returnsRows = /^\s*(select|show)\b|\breturning\b/i.test(text);
      if (!returnsRows) return { rows: [], rowCount: await prisma.$executeRawUnsafe(text, ...values) };
      const rows = await prisma.$queryRawUnsafe<SqlResult['rows']>(text, ...values);
      return { rows, rowCount: rows.length };
    },
  });

export const prismaDatabase = (prisma: PrismaClient): SqlDatabase<TransactionClient> =>
  defineDatabase<TransactionClient>({
    executor: prismaExecutor(prisma),
    executorOf: prismaExecutor,
    transaction: (work) => prisma.$transaction(work),
  });
// #endregion prisma
