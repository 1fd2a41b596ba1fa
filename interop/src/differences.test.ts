import { describe, expect, it } from 'vitest';
import { differences } from './differences.js';

describe('differences', () => {
  it('finds none in equal values', () => {
    const value = () => ({ a: [1, 2n ** 60n, null], b: { c: '', d: [] } });
    expect(differences(value(), value())).toEqual([]);
  });

  it.each([
    [{ a: { b: '' } }, { a: { b: null } }, 'a.b: "" → null'],
    [{ a: [1, 2] }, { a: [1] }, 'a.1: 2 → nothing'],
    [{ a: [1] }, { a: [1, 2] }, 'a.1: nothing → 2'],
    [{ a: 2n ** 60n }, { a: 2 ** 60 }, 'a: 1152921504606846976 → 1152921504606847000'],
    [{ a: {} }, { a: null }, 'a: {} → null'],
    [{ a: 0 }, { a: false }, 'a: 0 → false'],
    [{}, { a: 1 }, 'a: nothing → 1'],
    [{ a: 1 }, undefined, ': {"a":1} → nothing'],
  ])('names what differs (%#)', (sent, received, line) => {
    expect(differences(sent, received)).toEqual([line]);
  });

  it('distinguishes an empty list from an empty map', () => {
    expect(differences({ a: [] }, { a: {} })).toEqual(['a: [] → {}']);
  });
});
