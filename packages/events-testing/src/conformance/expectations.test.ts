import { describe, expect, it } from 'vitest';
import { assertEachOnce, assertInOrder, assertNoneLost, range } from './expectations.js';

describe('assertNoneLost', () => {
  it('names what is lost and what is invented', () => {
    assertNoneLost([3, 1, 2, 2], range(1, 3));
    expect(() => assertNoneLost([1, 9], range(1, 3))).toThrow('lost: 2, 3; invented: 9');
    expect(() => assertNoneLost([], range(1, 12))).toThrow('1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more');
  });
});

describe('assertEachOnce', () => {
  it('names what came more than once', () => {
    assertEachOnce([2, 1], [1, 2]);
    expect(() => assertEachOnce([1, 2, 1], [1, 2])).toThrow('came more than once: 1');
  });
});

describe('assertInOrder', () => {
  it('names the first that is out of order', () => {
    assertInOrder([1, 2, 3], range(1, 3));
    expect(() => assertInOrder([1, 3, 2], range(1, 3))).toThrow('out of order: 3 came where 2 was due');
  });
});
