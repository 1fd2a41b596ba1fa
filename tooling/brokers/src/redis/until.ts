import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until something holds.
 * @param what for the error
 * @param find returns what is waited for; undefined or false while it does not hold
 * @throws {Error} after 30 s
 */
export async function until<Found>(
  what: string,
  find: () => Promise<Found | undefined | false>,
): Promise<Found> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not after ${PATIENCE_MS} ms`);
    await delay(20);
  }
}

const PATIENCE_MS = 30_000;
