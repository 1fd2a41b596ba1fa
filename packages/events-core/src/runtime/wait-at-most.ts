import { runtime } from './runtime.js';

/** Waits for work at most so many milliseconds. Resolves either way; rejects when the work rejects in time. */
export async function waitAtMost(durationMs: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  try {
    await Promise.race([work, runtime().clock.sleep(durationMs, done.signal)]);
  } finally {
    done.abort();
  }
}
