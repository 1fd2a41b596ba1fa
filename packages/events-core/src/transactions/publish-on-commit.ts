import { TransactionScope } from './transaction-scope.js';

/**
 * Runs work, such as a database transaction, and publishes the events of `on-commit` routes that it sent once it has
 * resolved: in the order in which they were sent. When it rejects, none of them is published, and their receipts reject
 * with `TransactionRolledBackError`. Calls may nest: an inner one that rejects drops its own events only, and the events
 * of the others are published when the outermost work resolves.
 *
 * A process that dies between the commit and the broker's acceptance loses the events; routes with the mode `outbox` do
 * not.
 *
 * @param work resolves once the transaction has committed, e.g. `() => db.transaction(...)`
 * @returns what the work returns
 * @throws what the work throws
 */
export async function publishOnCommit<T>(work: () => T | Promise<T>): Promise<T> {
  const scope = new TransactionScope();
  let result: T;
  try {
    result = await scope.run(work);
  } catch (error) {
    scope.rollBack(error);
    throw error;
  }
  scope.commit();
  return result;
}
