/** A duration for people. */
export function durationText(durationMs: number): string {
  if (durationMs >= 2 * DAY_MS) return `${Math.floor(durationMs / DAY_MS)} d`;
  if (durationMs >= 2 * HOUR_MS) return `${Math.floor(durationMs / HOUR_MS)} h`;
  if (durationMs >= 2 * MINUTE_MS) return `${Math.floor(durationMs / MINUTE_MS)} min`;
  return `${Math.round(durationMs / 1_000)} s`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
