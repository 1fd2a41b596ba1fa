import { InvalidArgumentError } from 'commander';

/**
 * Parses the value of an option as a duration, e.g. `7d`, `12h`, `30min`, `90s` or `500ms`.
 *
 * @returns milliseconds
 * @throws InvalidArgumentError
 */
export function duration(text: string): number {
  const [, number, unit] = /^(\d{1,9})(ms|s|min|h|d)$/.exec(text) ?? [];
  if (number !== undefined && unit !== undefined) return Number(number) * (units[unit] as number);
  throw new InvalidArgumentError('Expected a duration, such as 7d, 12h, 30min, 90s or 500ms.');
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
