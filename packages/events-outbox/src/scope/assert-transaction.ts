import { IllegalStateError } from '@openedx-ts/events-core';
import type { SqlExecutor } from '@openedx-ts/events-sql';

/**
 * Refuses an executor whose statements commit by themselves: events would be stored although the caller's transaction
 * rolls back, and their lanes would not stay locked.
 *
 * @param operation what the executor was passed to
 * @throws IllegalStateError
 */
export function assertTransaction({ isPool = false }: SqlExecutor, operation: string): void {
  if (isPool)
    throw new IllegalStateError(operation, 'the executor is of a pool: pass that of the transaction');
}
