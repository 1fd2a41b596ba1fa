/** Formats a duration in milliseconds for people: `-` for 0, `350 ms`, `12 s`, `5 min`, `3 h`, `2 d`. */
export function ageText(durationMs: number): string {
  if (durationMs === 0) return '-';
  const unit = units.findLast(({ ms }) => durationMs >= ms) ?? { ms: 1, name: 'ms' };
  return `${Math.floor(durationMs / unit.ms)} ${unit.name}`;
}

const units = [
  { ms: 1, name: 'ms' },
  { ms: 1_000, name: 's' },
  { ms: 60_000, name: 'min' },
  { ms: 3_600_000, name: 'h' },
  { ms: 86_400_000, name: 'd' },
] as const;
