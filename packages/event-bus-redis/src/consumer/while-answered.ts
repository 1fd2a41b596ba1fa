import { runtime } from '@openedx-ts/events-core/bus';

/** How long a consumer that stops waits for a Redis that is silent. */
const SILENCE_MS = 800;

/**
 * Does one step of stopping, and calls `onSilence` when it takes longer than 800 ms, so that a consumer stops in time
 * although Redis is frozen. `onSilence` must make the step end.
 *
 * @returns whether the step ended by itself
 */
export async function whileAnswered(step: Promise<unknown>, onSilence: () => void): Promise<boolean> {
  const ended = new AbortController();
  let isAnswered = true;
  const watching = runtime()
    .clock.sleep(SILENCE_MS, ended.signal)
    .then(() => {
      if (ended.signal.aborted) return;
      isAnswered = false;
      onSilence();
    });
  try {
    await step;
  } finally {
    ended.abort();
    await watching;
  }
  return isAnswered;
}
