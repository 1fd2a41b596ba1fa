import { runtime } from '@openedx-ts/events-core/bus';

/**
 * Waits for work, but no longer than a deadline allows. Work that is late goes on; its result is ignored.
 *
 * @param deadlineMs in milliseconds
 * @param onLate called when the deadline has passed; what it returns or throws becomes the result
 */
export async function withDeadline<T>(
  deadlineMs: number,
  work: Promise<T>,
  onLate: () => T | Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const late = runtime()
    .clock.sleep(deadlineMs, done.signal)
    .then(() => (done.signal.aborted ? work : onLate()));
  late.catch(() => {}); // work that fails in time is reported below
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}
