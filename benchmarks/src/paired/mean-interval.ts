/** A mean with the interval that contains the true one with a probability of 95 %. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Quantiles 0.975 of Student's t distribution, from one degree of freedom on. */
const student = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/**
 * The geometric mean of 2 to 10 ratios, with its 95 % interval (Student's t on their logarithms).
 *
 * @throws RangeError for another number of ratios
 */
export function meanRatio(ratios: readonly number[]): MeanInterval {
  const count = ratios.length;
  const quantile = student[count - 2];
  if (quantile === undefined) throw new RangeError(`2 to 10 ratios are needed; these are ${count}.`);
  const logarithms = ratios.map(Math.log);
  const mean = logarithms.reduce((sum, value) => sum + value, 0) / count;
  const variance = logarithms.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const half = quantile * Math.sqrt(variance / count);
  return { mean: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) };
}
