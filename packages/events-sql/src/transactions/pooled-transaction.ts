import { databaseFailure } from '../failures/database-failure.js';
import type { SqlExecutor } from '../port/sql-executor.js';

/** A connection of a pool, for one transaction. */
export interface PooledConnection<Connection> {
  readonly connection: Connection;
  readonly executor: SqlExecutor;
  begin(): Promise<unknown>;
  /** @throws TransactionAbortedError when the database had ended the transaction */
  commit(): Promise<unknown>;
  rollback(): Promise<unknown>;
  /** Returns the connection to its pool; one in an unknown state is closed instead. */
  release(isBroken: boolean): void;
}

/** Runs work in a transaction of its own on a connection of a pool. */
export async function pooledTransaction<Connection, T>(
  acquire: () => Promise<PooledConnection<Connection>>,
  work: (connection: Connection, executor: SqlExecutor) => Promise<T>,
): Promise<T> {
  let step: 'begin' | 'work' | 'commit' = 'begin';
  const pooled = await acquire().catch((error: unknown) => {
    throw databaseFailure(error, step);
  });
  try {
    await pooled.begin();
    step = 'work';
    const result = await work(pooled.connection, pooled.executor);
    step = 'commit';
    await pooled.commit();
    pooled.release(false);
    return result;
  } catch (error) {
    const isClean = await pooled.rollback().then(isTrue, isFalse);
    pooled.release(!isClean);
    // An error of the network is the database's when its connection is broken.
    throw databaseFailure(error, step === 'work' && !isClean ? 'statement' : step);
  }
}

const isTrue = () => true;
const isFalse = () => false;
