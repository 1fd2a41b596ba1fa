import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.js';
import { linearTrend } from './linear-trend.js';

const times = Array.from({ length: 150 }, (_, index) => index / 360);

/** About normal, with a standard deviation of 1. */
function noiseFrom(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Array.from({ length: 12 }, () => random.below(1_000) / 1_000).reduce((a, b) => a + b, -6);
}

describe('linearTrend', () => {
  it('is the slope of a line, with nothing between its bounds', () => {
    const trend = linearTrend(times.map((time) => [time, 20 + 3.5 * time]));
    expect(trend?.slope).toBeCloseTo(3.5, 9);
    expect(trend?.lower).toBeCloseTo(3.5, 6);
    expect(trend?.upper).toBeCloseTo(3.5, 6);
  });

  it('is 0 where nothing changes', () => {
    expect(linearTrend(times.map((time) => [time, 20]))).toEqual({ slope: 0, lower: 0, upper: 0 });
  });

  it('agrees with a calculation by hand, with 3.182 of the table of Student', () => {
    const trend = linearTrend([1.1, 1.9, 3.2, 3.8, 5.1].map((value, index) => [index + 1, value]));
    expect(trend?.slope).toBeCloseTo(0.99, 9);
    expect(trend?.lower).toBeCloseTo(0.8, 2);
    expect(trend?.upper).toBeCloseTo(1.18, 2);
  });

  it('has the slope between its bounds in about 95 of 100 noisy series', () => {
    const hits = Array.from({ length: 1_000 }, (_, seed) => {
      const noise = noiseFrom(seed);
      const trend = linearTrend(times.slice(0, 20).map((time) => [time, 2 * time + noise()]));
      return trend !== undefined && trend.lower <= 2 && 2 <= trend.upper;
    }).filter(Boolean).length;
    expect(hits).toBeGreaterThan(930);
    expect(hits).toBeLessThan(970);
  });

  it('returns undefined for fewer than five values', () => {
    expect(linearTrend(times.slice(0, 4).map((time) => [time, 20]))).toBeUndefined();
  });
});
