/** A span of time, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A request, or a sample of the memory: when, in milliseconds since 1970, and how much. */
export interface Measured {
  readonly at: number;
  readonly value: number;
}

/** Reads a file with a line for each measurement. */
export function measuredOf(text: string): readonly Measured[] {
  return text.split('\n').flatMap((line) => {
    const [at, value] = line.split(' ').map(Number);
    return at === undefined || value === undefined || !line.includes(' ') ? [] : [{ at, value }];
  });
}

/** The values of a span, in order of size. */
export function sortedIn(measured: readonly Measured[], { from, to }: Span): readonly number[] {
  return measured
    .filter(({ at }) => at >= from && at < to)
    .map(({ value }) => value)
    .sort((one, other) => one - other);
}

/** A quantile of values in order; NaN of none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((one, other) => one - other),
    0.5,
  );
}
