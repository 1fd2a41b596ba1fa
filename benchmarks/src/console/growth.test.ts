import { expect, it } from 'vitest';
import { growth } from './growth.js';

it('is the slope of the samples in MB an hour, whatever they vary by', () => {
  const samples = Array.from({ length: 61 }, (_, minute) => ({
    at: minute * 60_000,
    bytes: 20e6 + minute * 50_000 + (minute % 2 === 0 ? 400_000 : -400_000),
  }));
  expect(growth(samples)).toBeCloseTo(3, 1);
  expect(growth(samples.map(({ at }) => ({ at, bytes: 7 })))).toBe(0);
});
