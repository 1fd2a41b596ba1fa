import { describe, expect, it } from 'vitest';
import { INTERNED_PLACES, interned, MAX_INTERNED_LENGTH } from './interned.js';

describe('interned', () => {
  it('returns the same value for the same text', () => {
    const parse = interned((text) => ({ text }));
    expect(parse('a')).toBe(parse('a'));
    expect(parse('b')).not.toBe(parse('a'));
  });

  it('never returns the key of another text, and drops old keys instead of growing', () => {
    const parse = interned((text) => ({ text }));
    const first = parse('key 0');
    for (let index = 0; index < 20 * INTERNED_PLACES; index++) {
      expect(parse(`key ${index}`).text).toBe(`key ${index}`);
    }
    expect(parse('key 0')).not.toBe(first);
  });

  it('keeps most of a working set of a few hundred keys', () => {
    let reads = 0;
    const parse = interned((text) => {
      reads += 1;
      return { text };
    });
    const texts = Array.from(
      { length: 300 },
      (_, index) => `block-v1:edX+DemoX+2026+type@video+block@${index * 7919}`,
    );
    for (const text of texts) parse(text);
    for (const text of texts) parse(text);
    expect(reads).toBeLessThan(400);
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
