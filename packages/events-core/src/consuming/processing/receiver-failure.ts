import { hasErrorCode } from '../../errors/has-error-code.js';
import type { RetryEventError } from '../../errors/receiver-errors.js';
import { backoffMs } from '../../runtime/backoff.js';
import { runtime } from '../../runtime/runtime.js';
import type { ResolvedReceiverPolicy } from '../../signals/receiver-policy.js';
import { classifyFailure } from '../failures/failure-class.js';

/** A receiver that has failed, with its policy. */
export interface ReceiverFailure {
  readonly receiver: string;
  readonly reason: unknown;
  readonly policy: ResolvedReceiverPolicy;
}

/** Whether it needs something unreachable, which costs no attempt. */
export function needsUnreachable({ reason }: ReceiverFailure): boolean {
  return classifyFailure(reason) === 'infrastructure';
}

/** The names of the receivers. */
export function receiversOf(failures: readonly ReceiverFailure[]): ReadonlySet<string> {
  return new Set(failures.map(({ receiver }) => receiver));
}

/** Whether the receiver may be called again after so many attempts. */
export function hasAttemptLeft({ reason, policy }: ReceiverFailure, attempt: number): boolean {
  if (hasErrorCode(reason, 'EVENTS_DROP_EVENT') || hasErrorCode(reason, 'EVENTS_DEAD_LETTER_EVENT'))
    return false;
  return attempt < policy.maxAttempts;
}

/** One event has one outcome: where the policies of its receivers differ, the one that loses least. */
export function strictest(failures: readonly ReceiverFailure[]): ResolvedReceiverPolicy['onFailure'] {
  const outcomes = failures.map(({ reason, policy }) =>
    hasErrorCode(reason, 'EVENTS_DEAD_LETTER_EVENT') ? 'dead-letter' : policy.onFailure,
  );
  if (outcomes.includes('stop')) return 'stop';
  return outcomes.includes('dead-letter') ? 'dead-letter' : 'drop';
}

/** How long to wait before the next attempt, in milliseconds. */
export function waitMsAfter({ reason, policy }: ReceiverFailure, attempt: number): number {
  const { initialBackoffMs: initialMs, maxBackoffMs: maxMs } = policy;
  const wait = backoffMs(attempt, { initialMs, maxMs }, runtime().random);
  if (!hasErrorCode(reason, 'EVENTS_RETRY_EVENT')) return wait;
  const { retryAfterMs = wait } = reason as RetryEventError;
  return Number.isFinite(retryAfterMs) && retryAfterMs >= 0 ? retryAfterMs : wait;
}
