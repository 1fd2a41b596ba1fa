/** A size at a time. */
export interface SizeAt {
  /** In milliseconds. */
  readonly at: number;
  readonly bytes: number;
}

/** How fast a size grows: the slope of the line of least squares through the samples, in MB (10^6 bytes) an hour. */
export function growth(samples: readonly SizeAt[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [at, bytes] = [mean(samples.map((one) => one.at)), mean(samples.map((one) => one.bytes))];
  const covariance = mean(samples.map((one) => (one.at - at) * (one.bytes - bytes)));
  const variance = mean(samples.map((one) => (one.at - at) ** 2));
  return (covariance / variance) * (3_600_000 / 1_000_000);
}
