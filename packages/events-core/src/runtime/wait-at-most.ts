import { runtime } from './runtime.js';

/** Resolves with the work, or after that many milliseconds, whichever comes first. */
export async function waitAtMost(durationMs: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  try {
    await Promise.race([work, runtime().clock.sleep(durationMs, done.signal)]);
  } finally {
    done.abort();
  }
}
