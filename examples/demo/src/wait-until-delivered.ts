import { setTimeout as sleep } from 'node:timers/promises';
import type { Tally } from './tally.js';

/** Resolves when everything that was sent has arrived, nothing has arrived for `patienceMs`, or the signal fires. */
export async function waitUntilDelivered(
  tally: Tally,
  { patienceMs, abortSignal }: { readonly patienceMs: number; readonly abortSignal: AbortSignal },
): Promise<void> {
  let last = { delivered: tally.delivered, at: performance.now() };
  while (tally.delivered < tally.sent && !abortSignal.aborted) {
    await sleep(10, undefined, { signal: abortSignal }).catch(() => {});
    if (tally.delivered > last.delivered) last = { delivered: tally.delivered, at: performance.now() };
    else if (performance.now() - last.at > patienceMs) return;
  }
}
