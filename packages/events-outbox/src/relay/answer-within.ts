import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';

/**
 * Waits for an answer for so long, in milliseconds. What was asked goes on afterwards; its outcome is ignored.
 *
 * @throws InfrastructureError when the answer has not come by then
 */
export async function answerWithin<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const answered = new AbortController();
  const late = runtime()
    .clock.sleep(timeoutMs, answered.signal)
    .then((): never => {
      throw new InfrastructureError(`no answer within ${timeoutMs} ms`);
    });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    answered.abort();
  }
}
