/** How fast values grow, by ordinary least squares. */
export interface LinearTrend {
  /** Units of the value for each unit of time. */
  readonly slope: number;
  /** Between these it lies with 95 % confidence, by Student's t, as far as the deviations are independent. */
  readonly lower: number;
  readonly upper: number;
}

/** The trend of values at times; undefined for fewer than five, which show no trend. */
export function linearTrend(
  points: readonly (readonly [time: number, value: number])[],
): LinearTrend | undefined {
  const n = points.length;
  if (n < 5) return undefined;
  const meanTime = points.reduce((sum, [time]) => sum + time, 0) / n;
  const meanValue = points.reduce((sum, [, value]) => sum + value, 0) / n;
  let squares = 0;
  let products = 0;
  for (const [time, value] of points) {
    squares += (time - meanTime) ** 2;
    products += (time - meanTime) * (value - meanValue);
  }
  const slope = products / squares;
  const deviations = points.reduce(
    (sum, [time, value]) => sum + (value - meanValue - slope * (time - meanTime)) ** 2,
    0,
  );
  const degrees = n - 2;
  const margin = studentT975(degrees) * Math.sqrt(deviations / degrees / squares);
  return { slope, lower: slope - margin, upper: slope + margin };
}

/**
 * The 97.5 % quantile of Student's t distribution, by its expansion around the normal one (Abramowitz and Stegun,
 * 26.7.5): right to 0.2 % from three degrees of freedom on, and below that not used here.
 */
function studentT975(degrees: number): number {
  const z = 1.959963984540054;
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3) +
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / (92_160 * degrees ** 4)
  );
}
