import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';

/**
 * Waits for an answer for so long, in milliseconds; then the signal of the work fires, and its outcome is ignored.
 *
 * @throws InfrastructureError when the answer has not come by then
 */
export async function answerWithin<T>(
  timeoutMs: number,
  work: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [answered, abandoned] = [new AbortController(), new AbortController()];
  const late = runtime()
    .clock.sleep(timeoutMs, answered.signal)
    .then((): never => {
      abandoned.abort();
      throw new InfrastructureError(`no answer within ${timeoutMs} ms`);
    });
  late.catch(() => {});
  try {
    return await Promise.race([late, work(abandoned.signal)]);
  } finally {
    answered.abort();
  }
}
