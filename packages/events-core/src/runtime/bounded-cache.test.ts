import { expect, it } from 'vitest';
import { BoundedCache } from './bounded-cache.js';

it('drops the oldest entries that are not used, and keeps those that are, whatever comes', () => {
  const cache = new BoundedCache<number, string>({ maxEntries: 10 });
  for (let number = 0; number < 1_000; number += 1) {
    cache.set(number, `${number}`);
    expect(cache.get(0)).toBe('0');
    expect(cache.size).toBeLessThanOrEqual(10);
  }
  expect(cache.get(990)).toBeUndefined();
  for (const number of [991, 999]) expect(cache.get(number)).toBe(`${number}`);
});

it('drops entries when all together cost too much, and keeps the newest whatever it costs', () => {
  const cache = new BoundedCache<string, string>({
    maxEntries: 10,
    maxCost: 5,
    costOf: ({ length }) => length,
  });
  for (const key of ['a', 'b', 'c']) cache.set(key, 'xx');
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([undefined, 'xx', 'xx']);
  cache.set('d', 'xxxxxxxx');
  expect(cache.size).toBe(1);
  expect(cache.get('d')).toBe('xxxxxxxx');
  cache.set('d', 'x');
  cache.set('e', 'xxxx');
  expect(cache.size).toBe(2);
});

it('has room for others once an entry was deleted, also twice', () => {
  const cache = new BoundedCache<string, number>({ maxEntries: 2 });
  cache.set('a', 1);
  cache.set('b', 2);
  cache.delete('a');
  cache.delete('a');
  cache.set('c', 3);
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([undefined, 2, 3]);
});
