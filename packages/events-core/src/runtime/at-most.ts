import { settings } from './settings.js';

/** Resolves with the work, or after that many milliseconds, whichever comes first. */
export async function atMost(durationMs: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  try {
    await Promise.race([work, settings().clock.sleep(durationMs, done.signal)]);
  } finally {
    done.abort();
  }
}
