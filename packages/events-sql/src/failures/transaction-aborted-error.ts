import { EventsError } from '@openedx-ts/events-core';

/**
 * The work of a transaction resolved, and the database had ended the transaction before: nothing of it is committed, or on
 * MySQL only what followed. Let the work throw what a statement throws, or run the statement in a savepoint.
 */
export class TransactionAbortedError extends EventsError {
  readonly code = 'EVENTS_TRANSACTION_ABORTED';

  constructor(reason: string, options?: ErrorOptions) {
    super(`the transaction cannot be committed: ${reason}`, options);
  }

  /** PostgreSQL executes COMMIT as ROLLBACK once a statement has failed. */
  static ofPostgres(options?: ErrorOptions): TransactionAbortedError {
    return new TransactionAbortedError(
      'a statement failed and the work ignored it, so PostgreSQL rolled back the transaction. Let the work throw the error, or run the statement in a savepoint',
      options,
    );
  }

  /** MySQL rolls back a transaction that it chose to end a deadlock, and commits it before DDL; what follows is outside. */
  static ofMysql(options?: ErrorOptions): TransactionAbortedError {
    return new TransactionAbortedError(
      'it had ended before its work was over. Either the work ignored a deadlock, by which the database rolled it back: let the work throw the error. Or the work ran a statement before which the database commits, such as CREATE TABLE: run it outside',
      options,
    );
  }
}
