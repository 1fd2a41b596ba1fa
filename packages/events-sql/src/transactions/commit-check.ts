import { TransactionAbortedError } from '../failures/transaction-aborted-error.js';
import type { SqlExecutor } from '../port/sql-executor.js';

/**
 * Prepares for COMMIT by a library that does not look at the outcome of COMMIT. Run it as the first step of a transaction.
 *
 * @returns the check, for the moment before COMMIT: it throws TransactionAbortedError when the database has ended the
 *   transaction, or will execute COMMIT as ROLLBACK
 */
export async function commitCheck(executor: SqlExecutor): Promise<() => Promise<void>> {
  return executor.dialect === 'postgres' ? checkPostgres(executor) : checkMysql(executor);
}

/** After a failed statement PostgreSQL refuses every other one. */
function checkPostgres(executor: SqlExecutor) {
  return async () => {
    await executor.query('SELECT 1').catch((error: unknown) => {
      throw codeOf(error) === IN_FAILED_TRANSACTION
        ? TransactionAbortedError.ofPostgres({ cause: error })
        : error;
    });
  };
}

/** A savepoint ends with its transaction. */
async function checkMysql(executor: SqlExecutor) {
  await executor.query(`SAVEPOINT ${SAVEPOINT}`);
  return async () => {
    await executor.query(`RELEASE SAVEPOINT ${SAVEPOINT}`).catch((error: unknown) => {
      throw codeOf(error) === NO_SUCH_SAVEPOINT ? TransactionAbortedError.ofMysql({ cause: error }) : error;
    });
  };
}

const IN_FAILED_TRANSACTION = '25P02';
const NO_SUCH_SAVEPOINT = 'ER_SP_DOES_NOT_EXIST';
const SAVEPOINT = 'events_sql';

/** Drizzle wraps the error, Prisma keeps the code in `meta`. */
function codeOf(error: unknown): unknown {
  const { code, cause, meta } = error as {
    code?: unknown;
    cause?: { code?: unknown };
    meta?: { code?: unknown };
  };
  return cause?.code ?? meta?.code ?? code;
}
