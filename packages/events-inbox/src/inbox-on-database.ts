import { InfrastructureError } from '@openedx-ts/events-core';
import { FailureLog, runtime, TransactionScope } from '@openedx-ts/events-core/bus';
import { type SqlDatabase, type SqlDialect, TransactionAbortedError } from '@openedx-ts/events-sql';
import type { Inbox, InboxKey } from './inbox.js';
import type { ResolvedSqlInboxOptions } from './sql-inbox-options.js';
import { DELETED_ROWS, sqlInboxStatements } from './sql-inbox-statements.js';

/** The inbox behind `sqlInbox` and `postgresInbox`, with options that are checked. */
export function inboxOnDatabase<Transaction>(
  database: SqlDatabase<Transaction>,
  { ttlMs, table, outbox }: ResolvedSqlInboxOptions,
): Inbox<Transaction> {
  const { insert, valuesOf, deleteOld } = sqlInboxStatements(database.dialect, table);
  let forgetAt = Number.NEGATIVE_INFINITY;
  const failures = new FailureLog({
    failing:
      'old rows of the inbox are not deleted, so that its table grows; the user of the database needs the right to delete them',
    recovered: 'old rows of the inbox are deleted again',
    facts: { table },
  });

  const forgetOld = async (): Promise<void> => {
    const now = runtime().clock.monotonic();
    if (now < forgetAt || ttlMs >= FOREVER_MS) return;
    forgetAt = now + Math.min(ttlMs, FORGET_EVERY_MS);
    try {
      const { rowCount } = await database.query(deleteOld, [ttlMs]);
      if (rowCount === DELETED_ROWS) forgetAt = now; // the next event deletes more
      failures.recovered();
    } catch (error) {
      failures.failed(error); // the event is processed all the same, or finds out by itself that nothing works
    }
  };

  const runOnce = async (key: InboxKey, run: (transaction: Transaction) => unknown): Promise<boolean> => {
    /** What the receiver sends through on-commit routes, in the last run of the transaction. */
    let sent: TransactionScope | undefined;
    let hasRun: boolean;
    try {
      hasRun = await database.transaction(async (transaction, executor) => {
        sent?.rollBack(new Error('the library of the database runs the transaction again'));
        const scope = new TransactionScope();
        sent = scope;
        // A concurrent delivery of the event waits here until this transaction has ended.
        const { rowCount } = await executor.query(insert, valuesOf(key)).catch(rethrowTimeout);
        if (rowCount === 0) return false;
        const runReceiver = async () => void (await run(transaction));
        await scope.run(() => (outbox === undefined ? runReceiver() : outbox.within(executor, runReceiver)));
        return true;
      });
    } catch (error) {
      sent?.rollBack(error);
      throw error;
    }
    sent?.commit();
    return hasRun;
  };

  return {
    async handle(key, run) {
      await forgetOld();
      try {
        return await runOnce(key, run);
      } catch (error) {
        if (error instanceof TransactionAbortedError) throw aborted(database.dialect, key.receiver, error);
        throw error;
      }
    },
  };
}

/** The insert of one row takes long only while another delivery of the event is being processed. */
function rethrowTimeout(error: unknown): never {
  const { code, errno, cause } = error as { code?: unknown; errno?: unknown; cause?: { code?: unknown } };
  const isTimeout = code === QUERY_CANCELED || cause?.code === QUERY_CANCELED || errno === STATEMENT_TIMEOUT;
  if (!isTimeout) throw error;
  throw new InfrastructureError(
    'the event is being processed by another delivery for longer than a statement of the database may take; it is tried again',
    { cause: error },
  );
}

/** PostgreSQL, after `statement_timeout`. */
const QUERY_CANCELED = '57014';
/** MariaDB, after `max_statement_time`. */
const STATEMENT_TIMEOUT = 1969;

function aborted(dialect: SqlDialect, receiver: string, cause: TransactionAbortedError): Error {
  const message =
    dialect === 'postgres'
      ? `a statement of receiver ${receiver} failed and the receiver ignored it, so PostgreSQL rolled back the transaction: let the receiver throw the error`
      : `receiver ${receiver}: ${cause.message}`;
  return new Error(message, { cause });
}

const FORGET_EVERY_MS = 60_000;
/** A thousand years: databases do not compute with much longer times. */
const FOREVER_MS = 1_000 * 365.25 * 24 * 3_600_000;
