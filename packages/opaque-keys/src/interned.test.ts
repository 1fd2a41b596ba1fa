import { describe, expect, it } from 'vitest';
import { interned, MAX_INTERNED_KEYS, MAX_INTERNED_LENGTH } from './interned.js';

describe('interned', () => {
  it('gives the same value for the same text', () => {
    const parse = interned((text) => ({ text }));
    expect(parse('a')).toBe(parse('a'));
    expect(parse('b')).not.toBe(parse('a'));
  });

  it('forgets when it is full', () => {
    const parse = interned((text) => ({ text }));
    const first = parse('0');
    for (let index = 1; index < MAX_INTERNED_KEYS; index++) parse(String(index));
    expect(parse('0')).toBe(first);
    parse('one more');
    expect(parse('0')).not.toBe(first);
  });

  it('does not keep long texts', () => {
    const parse = interned((text) => ({ text }));
    const limit = 'x'.repeat(MAX_INTERNED_LENGTH);
    expect(parse(limit)).toBe(parse(limit));
    expect(parse(`${limit}x`)).not.toBe(parse(`${limit}x`));
  });

  it('does not remember a failure', () => {
    let failing = true;
    const parse = interned((text) => {
      if (failing) throw new Error('not yet');
      return { text };
    });
    expect(() => parse('a')).toThrow('not yet');
    failing = false;
    expect(parse('a')).toEqual({ text: 'a' });
  });
});
