import { setImmediate } from 'node:timers/promises';

/** How many bytes are compressed or decompressed before the event loop runs: some ten milliseconds. */
export const SLICE_BYTES = 1024 * 1024;

/** Runs work that yields, and returns to the event loop each time it does. */
export async function sliced<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await setImmediate();
  }
}
