import { expect, it } from 'vitest';
import { barePatterns } from './bare-patterns.js';

it('finds a pattern that toMatchObject would take for an object without properties', () => {
  const source = 'expect(log).toMatchObject([\n  { message: /lost/ },\n]);';
  expect(barePatterns(source)).toEqual(['2: /lost/']);
});

it('accepts stringMatching, and patterns of other calls', () => {
  expect(barePatterns('expect(log).toMatchObject({ message: expect.stringMatching(/lost/) })')).toEqual([]);
  expect(barePatterns('expect(text).toMatch(/lost/)')).toEqual([]);
  expect(barePatterns('expect(run()).toMatchObject({ a: text.replace(/x/g, "") })')).toEqual([]);
});
