import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.js';

describe('nearestName', () => {
  it.each([
    ['user_nmae', 'user_name'],
    ['USER_NAME', 'user_name'],
    ['username', 'user_name'],
    ['topics', 'topic'],
  ])('finds what %s probably meant: %s', (name, meant) => {
    expect(nearestName(name, ['course_key', 'user_name', 'topic'])).toBe(meant);
  });

  it('finds nothing where nothing is close', () => {
    expect(nearestName('zzzzzzzz', ['course_key', 'user_name'])).toBeUndefined();
    expect(nearestName('anything', [])).toBeUndefined();
  });

  it('finds a name that is there, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (names) => {
        expect(nearestName(names[0] as string, names)?.toLowerCase()).toBe(
          (names[0] as string).toLowerCase(),
        );
      }),
    );
  });

  it('refuses a huge name quickly', () => {
    expect(nearestName('x'.repeat(1_000_000), ['course_key', 'user_name'])).toBeUndefined();
  });
});
