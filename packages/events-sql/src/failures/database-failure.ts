import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf } from '@openedx-ts/events-core/bus';
import { type Unavailability, unavailabilityOf } from './unavailability.js';

/** What was done when an error came; only an error of the work itself may be of another connection than the database's. */
export type DatabaseStep = 'statement' | 'work' | 'begin' | 'commit';

/**
 * Returns what to throw for an error of a database's library: an `InfrastructureError` with the error as its cause when the
 * database is unavailable, otherwise the error itself.
 */
export function databaseFailure(error: unknown, step: DatabaseStep = 'statement'): unknown {
  const why = unavailabilityOf(error, { ofDatabase: step !== 'work' });
  if (why === undefined) return error;
  const outcome =
    step === 'commit' && why === 'unreachable'
      ? 'its connection was lost during COMMIT, so the transaction may have been committed'
      : explanations[why];
  return new InfrastructureError(`the database failed: ${outcome} (${codeOf(error)})`, { cause: error });
}

const explanations: Readonly<Record<Unavailability, string>> = {
  unreachable: 'it is unreachable',
  closed: 'its pool was closed in this process; close the bus and the outbox first, then the pool',
  login:
    'it refuses the login; check the user, the password and the name of the database, and that this machine may log in',
  refusing: 'it accepts no statements at present; see its log',
  conflict: 'it ended a conflict with another transaction; run the transaction again',
};

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : reasonOf(error);
}
