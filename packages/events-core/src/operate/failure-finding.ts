import { reasonOf } from '../errors/events-error.js';
import { InfrastructureError } from '../errors/receiver-errors.js';
import type { Finding } from './event-bus-admin.js';
import { problemFinding } from './findings.js';

/** The cures that a bus names for an error that ends its `diagnose` early. */
export interface FailureCures {
  /** What to correct when the broker refuses the user. */
  readonly refused: string;
  /** What to check otherwise, e.g. when the broker is unreachable. */
  readonly other: string;
}

/**
 * Makes the finding of an error that ends `diagnose` early. It is marked as unreachable for an `InfrastructureError`.
 *
 * @param isRefusal whether the broker refused the user
 */
export function failureFinding(error: unknown, isRefusal: boolean, cures: FailureCures): Finding {
  const finding = problemFinding('broker', reasonOf(error), isRefusal ? cures.refused : cures.other);
  return error instanceof InfrastructureError ? { ...finding, isUnreachable: true } : finding;
}
