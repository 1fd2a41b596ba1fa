import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePositions } from './compare-positions.js';

describe('comparePositions', () => {
  it.each([
    ['0:9', '0:17', -1],
    ['1718-1', '1718-0', 1],
    ['999-5', '1000-0', -1],
    ['1718', '1718-0', -1],
    ['0:5', '0:5', 0],
  ])('puts %s and %s at %i', (a, b, sign) => {
    expect(comparePositions(a, b)).toBe(sign);
  });

  it('orders as the numbers do, however large', () => {
    const number = fc.bigInt({ min: 0n, max: 2n ** 64n });
    fc.assert(
      fc.property(number, number, number, (first, a, b) => {
        const sign = a === b ? 0 : a < b ? -1 : 1;
        expect(comparePositions(`${first}-${a}`, `${first}-${b}`)).toBe(sign);
      }),
    );
  });
});
