import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys, keysEqual, parseCourseKey } from './index.js';

const key = (body: string) => parseCourseKey(`foo:${body}`);
const keys = fc.string({ unit: 'grapheme-composite', minLength: 1, maxLength: 6 }).map(key);

describe('compareKeys', () => {
  it('orders by code point, not by UTF-16 unit', () => {
    expect(compareKeys(key('\uffee'), key('😀'))).toBeLessThan(0);
    expect(compareKeys(key('😀'), key('\uffee'))).toBeGreaterThan(0);
    expect(compareKeys(key('a'), key('ab'))).toBeLessThan(0);
  });

  it('agrees with comparing code points one by one', () => {
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(byCodePoints(a.text, b.text)));
      }),
    );
  });

  it('returns 0 exactly for equal keys', () => {
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        expect(compareKeys(a, b) === 0).toBe(keysEqual(a, b));
      }),
    );
  });
});

describe('keysEqual', () => {
  it('compares texts', () => {
    const demo = parseCourseKey('course-v1:a+b+c');
    expect(keysEqual(demo, parseCourseKey('course-v1:a+b+c'))).toBe(true);
    expect(keysEqual(demo, parseCourseKey('course-v1:a+b+C'))).toBe(false);
    expect(keysEqual(demo, parseCourseKey('slashes:a+b+c'))).toBe(false);
  });

  it('does not normalise', () => {
    expect(keysEqual(key('\u00e9'), key('e\u0301'))).toBe(false);
  });
});

function byCodePoints(a: string, b: string): number {
  const left = Array.from(a, (character) => character.codePointAt(0) as number);
  const right = Array.from(b, (character) => character.codePointAt(0) as number);
  const at = left.findIndex((code, index) => code !== right[index]);
  if (at < 0) return left.length - right.length;
  return at >= right.length ? 1 : (left[at] as number) - (right[at] as number);
}
