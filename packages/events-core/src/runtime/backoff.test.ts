import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  it('doubles up to the maximum', () => {
    const longest = (tries: number) => backoffMs(tries, { initialMs: 100, maxMs: 1_000 }, () => 1);
    expect([1, 2, 3, 4, 5, 6].map(longest)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  it('lies between half of that and all of it, however many tries there were', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (tries, chance) => {
          const wait = backoffMs(tries, { initialMs: 10, maxMs: 5_000 }, () => chance);
          expect(wait).toBeGreaterThanOrEqual(5);
          expect(wait).toBeLessThanOrEqual(5_000);
        },
      ),
    );
  });
});
