import { runtime } from './runtime.js';

/** How long to wait between tries. */
export interface BackoffOptions {
  /** Before the second try. */
  readonly initialMs: number;
  /** At most. */
  readonly maxMs: number;
}

/**
 * The wait after that many failed tries: doubled each time up to the maximum, then shortened by chance to between half
 * and all of it, so that many clients do not come back in step.
 */
export function backoffMs(
  failedTries: number,
  { initialMs, maxMs }: BackoffOptions,
  random: () => number,
): number {
  const full = Math.min(maxMs, initialMs * 2 ** Math.min(failedTries - 1, 30));
  return full * (0.5 + random() * 0.5);
}

/** Waits after that many failed tries, until the signal fires at the latest. */
export function backOff(
  failedTries: number,
  backoff: BackoffOptions,
  abortSignal: AbortSignal,
): Promise<void> {
  const { clock, random } = runtime();
  return clock.sleep(backoffMs(failedTries, backoff, random), abortSignal);
}
