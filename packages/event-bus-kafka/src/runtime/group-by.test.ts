import { expect, it } from 'vitest';
import { groupBy } from './group-by.js';

it('groups items by key and keeps their order', () => {
  const groups = groupBy([5, 2, 4, 1], (number) => number % 2);
  expect([...groups]).toStrictEqual([
    [1, [5, 1]],
    [0, [2, 4]],
  ]);
});
