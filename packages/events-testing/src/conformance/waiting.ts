import { AssertionError } from 'node:assert';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { systemClock } from '@openedx-ts/events-core/bus';

/** Resolves with the first result that is not undefined; looks again and again. Waits for what happens, not for time. */
export async function eventually<T>(
  what: string,
  timeoutMs: number,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const deadline = systemClock.monotonic() + timeoutMs;
  for (let looks = 0; ; looks += 1) {
    const found = await look();
    if (found !== undefined) return found;
    if (systemClock.monotonic() >= deadline) throw notInTime(what, timeoutMs);
    if (looks < 100) await nextTurn();
    else await systemClock.sleep(5); // leaves the processor to brokers on this machine
  }
}

/** Settles as the promise does, if it does so in time. */
export async function within<T>(what: string, timeoutMs: number, promise: PromiseLike<T>): Promise<T> {
  const over = new AbortController();
  const late = systemClock.sleep(timeoutMs, over.signal).then(() => {
    throw notInTime(what, timeoutMs);
  });
  late.catch(() => {}); // lost races are no failures
  try {
    return await Promise.race([promise, late]);
  } finally {
    over.abort();
  }
}

function notInTime(what: string, timeoutMs: number): AssertionError {
  return new AssertionError({ message: `not within ${timeoutMs} ms: ${what}` });
}
