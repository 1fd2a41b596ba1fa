import { InfrastructureError } from '@openedx-ts/events-core';
import { databaseFailure } from '../failures/database-failure.js';
import { unavailabilityOf } from '../failures/unavailability.js';
import type { SqlDatabase } from '../port/sql-database.js';
import type { SqlExecutor } from '../port/sql-executor.js';
import type { StatementOptions } from '../port/statement-options.js';
import { abandonable } from './abandonable.js';

/** A connection that a pool has lent. */
export interface LentConnection<Connection> {
  readonly connection: Connection;
  readonly executor: SqlExecutor;
  begin(): Promise<unknown>;
  /** @throws TransactionAbortedError when the database had ended the transaction */
  commit(): Promise<unknown>;
  rollback(): Promise<unknown>;
  /** Returns the connection to its pool; one in an unknown state is closed instead. */
  release(isBroken: boolean): void;
}

/** Makes a database of a pool whose library leaves BEGIN and COMMIT to its user. */
export function pooledDatabase<Connection>(
  dialect: SqlDatabase<Connection>['dialect'],
  lend: () => Promise<LentConnection<Connection>>,
): SqlDatabase<Connection> {
  return Object.freeze({
    dialect,
    async query(text: string, values?: readonly unknown[], { abortSignal }: StatementOptions = {}) {
      const { lent, use } = await borrow(lend, abortSignal);
      try {
        const result = await use.wait(lent.executor.query(text, values));
        use.release(false);
        return result;
      } catch (error) {
        use.release(unavailabilityOf((error as Error).cause) === 'unreachable');
        throw error;
      }
    },
    async transaction<T>(
      work: (connection: Connection, executor: SqlExecutor) => Promise<T>,
      { abortSignal }: StatementOptions = {},
    ): Promise<T> {
      const { lent, use } = await borrow(lend, abortSignal);
      let step: 'begin' | 'work' | 'commit' = 'begin';
      try {
        await use.wait(lent.begin());
        step = 'work';
        const result = await use.wait(work(lent.connection, lent.executor));
        step = 'commit';
        await use.wait(lent.commit());
        use.release(false);
        return result;
      } catch (error) {
        const isClean = await use.wait(lent.rollback()).then(isTrue, isFalse);
        use.release(!isClean);
        // An error of the network is the database's when its connection is broken.
        throw databaseFailure(error, step === 'work' && !isClean ? 'statement' : step);
      }
    },
  });
}

/** @throws InfrastructureError when the signal has fired by the time the pool lends a connection, which goes back unused */
async function borrow<Connection>(
  lend: () => Promise<LentConnection<Connection>>,
  abortSignal: AbortSignal | undefined,
) {
  const lent = await lend().catch(rethrow);
  if (abortSignal?.aborted !== true) return { lent, use: abandonable(lent, abortSignal) };
  lent.release(false);
  throw new InfrastructureError('its caller waits no longer; nothing was sent');
}

function rethrow(error: unknown): never {
  throw databaseFailure(error, 'begin');
}

const isTrue = () => true;
const isFalse = () => false;
