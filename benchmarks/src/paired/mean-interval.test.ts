import { describe, expect, it } from 'vitest';
import { meanRatio } from './mean-interval.js';

describe('meanRatio', () => {
  it('has no interval where all ratios are the same', () => {
    expect(meanRatio([1.1, 1.1, 1.1])).toEqual({
      mean: expect.closeTo(1.1),
      low: expect.closeTo(1.1),
      high: expect.closeTo(1.1),
    });
  });

  it('computes the geometric mean, with the interval of Student for so few figures', () => {
    const { mean, low, high } = meanRatio([0.5, 2]);
    expect(mean).toBeCloseTo(1);
    const half = 12.706 * Math.LN2; // standard error of two logarithms that are 2 ln 2 apart
    expect(Math.log(high)).toBeCloseTo(half);
    expect(Math.log(low)).toBeCloseTo(-half);
  });

  it('refuses one ratio', () => {
    expect(() => meanRatio([1])).toThrow(RangeError);
  });
});
