import { setTimeout as sleep } from 'node:timers/promises';
import type { Tally } from './tally.js';

/** Resolves when all that was sent has arrived, nothing has been booked for `patienceMs`, or the signal fires. */
export async function waitUntilDelivered(
  tally: Tally,
  options: {
    /** How many events there must be; not all may have been booked as sent yet. */
    readonly expected: number;
    readonly patienceMs: number;
    readonly abortSignal: AbortSignal;
  },
): Promise<void> {
  const { expected, patienceMs, abortSignal } = options;
  let last = { booked: 0, at: performance.now() };
  while (tally.delivered < Math.max(tally.sent, expected) && !abortSignal.aborted) {
    await sleep(10, undefined, { signal: abortSignal }).catch(() => {});
    const booked = tally.sent + tally.delivered;
    if (booked > last.booked) last = { booked, at: performance.now() };
    else if (performance.now() - last.at > patienceMs) return;
  }
}
