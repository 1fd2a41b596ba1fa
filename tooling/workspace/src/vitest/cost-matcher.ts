import { expect } from 'vitest';

/**
 * Whether some work costs at most so many milliseconds of processor time on a machine that has nothing else to do. On one
 * that is slower or busy, work of a known cost is measured beside it, and allows as much more: such a machine slows a
 * test and does not fail it.
 */
expect.extend({
  async toCostAtMostMs(work: () => unknown, limitMs: number) {
    let least = { ms: Number.POSITIVE_INFINITY, allowedMs: limitMs };
    for (let run = 0; run < MOST_RUNS && least.ms > least.allowedMs; run += 1) {
      const ms = await costMsOf(work);
      const allowedMs = limitMs * Math.max(1, (await costMsOf(knownWork)) / KNOWN_COST_MS);
      if (ms / allowedMs < least.ms / least.allowedMs) least = { ms, allowedMs };
    }
    const figures = `${least.ms.toFixed(1)} ms, of ${least.allowedMs.toFixed(1)} that are allowed here`;
    return {
      pass: least.ms <= least.allowedMs,
      message: () => `expected the work to cost at most ${limitMs} ms of processor time: it costs ${figures}`,
    };
  },
});

const MOST_RUNS = 10;

async function costMsOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** What `knownWork` costs on the machine that the limits were written for. */
const KNOWN_COST_MS = 20;

const bytes = Buffer.alloc(64 * 1024);

function knownWork(): void {
  for (let pass = 0; pass < 150; pass += 1)
    for (let at = 1; at < bytes.length; at += 1)
      bytes[at] = ((bytes[at - 1] as number) + (bytes[at] as number) + 1) & 0xff;
}

declare module 'vitest' {
  interface Matchers<T> {
    /** Runs the work up to ten times, until it costs no more than that; to be awaited. */
    toCostAtMostMs(limitMs: number): T extends () => unknown ? Promise<void> : never;
  }
}
