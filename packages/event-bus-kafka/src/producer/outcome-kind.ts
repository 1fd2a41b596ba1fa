import type { PublishOutcome } from '@openedx-ts/events-core/bus';

/** Whether the same event gets the same error again. */
export function isFinal(error: unknown): boolean {
  return (error as { readonly retryable?: unknown }).retryable === false;
}

/** Whether an outcome is an error that may pass. */
export function mayPass(outcome: PublishOutcome): boolean {
  return 'error' in outcome && !isFinal(outcome.error);
}
