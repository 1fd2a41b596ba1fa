import { describe, expect, it } from 'vitest';
import { InvalidKeyError, parseCourseKey } from './index.js';

describe('parseCourseKey', () => {
  it('returns the parts of a course key', () => {
    expect(parseCourseKey('course-v1:edX+DemoX+2024')).toEqual({
      kind: 'course',
      text: 'course-v1:edX+DemoX+2024',
      org: 'edX',
      course: 'DemoX',
      run: '2024',
      deprecated: false,
    });
  });

  it('keeps the text of an old prefix', () => {
    const key = parseCourseKey('slashes:edX+DemoX+2024');
    expect(key).toMatchObject({ kind: 'course', org: 'edX', deprecated: false });
    expect(`${key}`).toBe('slashes:edX+DemoX+2024');
  });

  it('returns frozen values that print and serialise as their text', () => {
    const key = parseCourseKey('ccx-v1:edX+DemoX+2024+ccx@007');
    expect(Object.isFrozen(key)).toBe(true);
    expect(JSON.stringify({ key })).toBe('{"key":"ccx-v1:edX+DemoX+2024+ccx@007"}');
    expect(key).toMatchObject({ kind: 'ccx', ccxId: '007' });
  });

  it('keeps the text of a key of an unknown type', () => {
    const key = parseCourseKey('pathway-v1:some thing/é?');
    expect(key).toEqual({ kind: 'opaque', prefix: 'pathway-v1', text: 'pathway-v1:some thing/é?' });
  });

  it('does not confuse object property names with known prefixes', () => {
    expect(parseCourseKey('constructor:x').kind).toBe('opaque');
  });

  it.each([
    ['', 'empty'],
    ['course-v1', 'unknown-form'],
    ['no prefix: here', 'unknown-form'],
    ['Course-V1:a+b+c', 'unknown-form'],
    ['foo:', 'unknown-form'],
    ['foo:\ud800', 'unknown-form'],
    ['course-v1:a+b', 'malformed'],
    ['course-v1:a+b+c\n', 'malformed'],
    ['block-v1:a+b+c+type@t+block@i', 'other-key-type'],
    ['lib:org:slug', 'other-key-type'],
    ['aside-usage-v1:x', 'other-key-type'],
  ])('refuses %j because it is %s', (text, reason) => {
    expect(failure(text)).toMatchObject({
      name: 'InvalidKeyError',
      code: 'OPAQUE_KEYS_INVALID_KEY',
      keyType: 'CourseKey',
      reason,
    });
  });

  it('refuses what is not text', () => {
    for (const value of [undefined, null, 7, {}]) {
      expect(failure(value as never)).toMatchObject({ reason: 'not-text' });
    }
  });

  it('names the expected form and leaves the text out of the message', () => {
    const { message } = failure('course-v1:ada.lovelace@example.com+b+c');
    expect(message).toContain('expected course-v1:org+course+run');
    expect(message).not.toContain('lovelace');
  });
});

function failure(text: string): InvalidKeyError {
  try {
    parseCourseKey(text);
  } catch (error) {
    if (error instanceof InvalidKeyError) return error;
  }
  throw new Error('expected an InvalidKeyError');
}
