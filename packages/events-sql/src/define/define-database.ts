import { databaseFailure } from '../failures/database-failure.js';
import { isNetworkError } from '../failures/unavailability.js';
import type { SqlDatabase } from '../port/sql-database.js';
import type { SqlExecutor } from '../port/sql-executor.js';
import { commitCheck } from '../transactions/commit-check.js';

/** What a database is made from. */
export interface DatabaseDefinition<Transaction> {
  /** Runs statements outside transactions. */
  readonly executor: SqlExecutor;
  /** Makes the executor of a transaction of the library. */
  executorOf(transaction: Transaction): SqlExecutor;
  /** Runs work in a transaction of the library, which commits when the work resolves and rolls back when it rejects. */
  transaction(work: (transaction: Transaction) => Promise<void>): Promise<unknown>;
}

/**
 * Makes a database for a library that has none here and runs transactions itself, such as an ORM. A transaction in which
 * the failure of a statement was ignored is rolled back: libraries commit it without an error, and the database drops it.
 */
export function defineDatabase<Transaction>(
  definition: DatabaseDefinition<Transaction>,
): SqlDatabase<Transaction> {
  const { executor: outside } = definition;
  return Object.freeze({
    dialect: outside.dialect,
    query: outside.query,
    async transaction<T>(work: (transaction: Transaction, executor: SqlExecutor) => Promise<T>): Promise<T> {
      let result: { readonly value: T } | undefined;
      let failure: { readonly error: unknown } | undefined;
      try {
        await definition.transaction(async (transaction) => {
          // A library may run the work of a transaction again.
          failure = undefined;
          result = undefined;
          const executor = definition.executorOf(transaction);
          try {
            const check = await commitCheck(executor);
            result = { value: await work(transaction, executor) };
            await check();
          } catch (error) {
            failure = { error: await failureOfWork(error, executor) };
            throw error;
          }
        });
      } catch (error) {
        if (failure !== undefined) throw failure.error;
        throw databaseFailure(error, result === undefined ? 'begin' : 'commit');
      }
      if (result === undefined)
        throw new Error('the library resolved a transaction whose work it has not run');
      return result.value;
    },
  });
}

/** An error of the network counts as the database's when the transaction's own connection is broken too. */
async function failureOfWork(error: unknown, executor: SqlExecutor): Promise<unknown> {
  const isBroken = isNetworkError(error) && (await executor.query('SELECT 1').then(isFalse, isTrue));
  return databaseFailure(error, isBroken ? 'statement' : 'work');
}

const isTrue = () => true;
const isFalse = () => false;
