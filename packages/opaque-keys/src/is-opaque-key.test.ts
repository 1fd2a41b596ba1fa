import { describe, expect, it, vi } from 'vitest';
import { isOpaqueKey, parseCourseKey, parseUsageKey } from './index.js';

describe('isOpaqueKey', () => {
  it('recognises keys of every kind', () => {
    expect(isOpaqueKey(parseCourseKey('a/b/c'))).toBe(true);
    expect(isOpaqueKey(parseUsageKey('foo:bar'))).toBe(true);
  });

  it('refuses text, and data that only looks like a key', () => {
    const key = parseCourseKey('course-v1:a+b+c');
    for (const value of [undefined, null, 7, 'course-v1:a+b+c', { ...key }, structuredClone(key)]) {
      expect(isOpaqueKey(value)).toBe(false);
    }
  });

  it('recognises keys of another copy of the package', async () => {
    vi.resetModules();
    const other = await import('./index.js');
    expect(other.isOpaqueKey).not.toBe(isOpaqueKey);
    const key = parseCourseKey('course-v1:a+b+c');
    expect(other.isOpaqueKey(key)).toBe(true);
    expect(other.keysEqual(key, other.parseCourseKey('course-v1:a+b+c'))).toBe(true);
    expect(other.parseCourseKey('course-v1:a+b+c')).toEqual(key);
  });
});
