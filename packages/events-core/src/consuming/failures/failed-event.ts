import type { ResolvedReceiverPolicy } from '../../signals/receiver-policy.js';

/** An event that cannot be handled, and what its policy demands. */
export interface FailedEvent {
  readonly error: unknown;
  readonly attempts: number;
  readonly firstFailure: Date;
  readonly onFailure: ResolvedReceiverPolicy['onFailure'];
}
