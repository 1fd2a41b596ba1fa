import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import type { SqlDatabase } from '@openedx-ts/events-sql';

/**
 * Waits for work on a database for so long, in milliseconds, or until the signal fires. Then its outcome is ignored, and
 * the connection that it has is closed, where the library can do that: a statement that gets no answer would occupy it.
 *
 * @throws InfrastructureError when the answer has not come by then
 */
export async function answerWithin<T>(
  database: SqlDatabase<unknown>,
  timeoutMs: number,
  work: (database: SqlDatabase<unknown>) => Promise<T>,
  abortSignal?: AbortSignal,
): Promise<T> {
  const [waiting, abandoned] = [new AbortController(), new AbortController()];
  const endWait = () => waiting.abort(ENDED);
  let isAnswered = false;
  const late = runtime()
    .clock.sleep(timeoutMs, waiting.signal)
    .then(() => {
      if (isAnswered) return;
      abandoned.abort();
      const why = abortSignal?.aborted ? 'its caller waits no longer' : `no answer within ${timeoutMs} ms`;
      throw new InfrastructureError(why);
    });
  late.catch(() => {});
  abortSignal?.addEventListener('abort', endWait, { once: true });
  if (abortSignal?.aborted) endWait();
  try {
    return await Promise.race([late as Promise<never>, work(abandonable(database, abandoned.signal))]);
  } finally {
    isAnswered = true;
    abortSignal?.removeEventListener('abort', endWait);
    endWait();
  }
}

/** A reason that costs less than the error with its stack, which is made where none is given. */
const ENDED = 'ended';

function abandonable(database: SqlDatabase<unknown>, abortSignal: AbortSignal): SqlDatabase<unknown> {
  return {
    dialect: database.dialect,
    query: (text, values) => database.query(text, values, { abortSignal }),
    transaction: (work) => database.transaction(work, { abortSignal }),
  };
}
