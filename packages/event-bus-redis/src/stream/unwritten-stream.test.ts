import { expect, it } from 'vitest';
import { hasPrefixTwice, isUnwritten } from './unwritten-stream.js';

it('is unwritten until an event is added; the entry with which Python creates a stream is none', () => {
  expect(['0-0', '0-1', '1679676448892-0'].map(isUnwritten)).toEqual([true, true, false]);
});

it.each([
  ['dev-dev-orders', 'dev', true],
  ['dev-orders', 'dev', false],
  ['dev-developers', 'dev', false],
  ['orders', undefined, false],
  ['orders', '', false],
])('finds in %s the prefix %s twice: %s', (fullTopic, prefix, expected) => {
  expect(hasPrefixTwice(fullTopic, prefix)).toBe(expected);
});
