import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import type { SqlDatabase } from '@openedx-ts/events-sql';

/**
 * Waits for work on a database for so long, in milliseconds. Then its outcome is ignored, and the connection that it has
 * is closed, where the library can do that: a statement that gets no answer would occupy it.
 *
 * @throws InfrastructureError when the answer has not come by then
 */
export async function answerWithin<T>(
  database: SqlDatabase<unknown>,
  timeoutMs: number,
  work: (database: SqlDatabase<unknown>) => Promise<T>,
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
    return await Promise.race([late, work(abandonable(database, abandoned.signal))]);
  } finally {
    answered.abort(ANSWERED);
  }
}

/** A reason that costs less than the error with its stack, which is made where none is given. */
const ANSWERED = 'answered';

function abandonable(database: SqlDatabase<unknown>, abortSignal: AbortSignal): SqlDatabase<unknown> {
  return {
    dialect: database.dialect,
    query: (text, values) => database.query(text, values, { abortSignal }),
    transaction: (work) => database.transaction(work, { abortSignal }),
  };
}
