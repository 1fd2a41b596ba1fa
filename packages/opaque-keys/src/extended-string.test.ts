import { expect, it, vi } from 'vitest';
import { isId } from './id-characters.js';

/** Where a package extends String, as ioredis does, each look-up of a method costs ten times as much. */
it('looks up no method of String for the characters of a key', () => {
  const charCodeAt = vi.spyOn(String.prototype, 'charCodeAt');
  const accepted = ['DemoX.1_2026-T1~run', 'not an id'].map((part) => isId(part));
  const { calls } = charCodeAt.mock;
  charCodeAt.mockRestore();
  expect(accepted).toEqual([true, false]);
  expect(calls).toHaveLength(0);
});
