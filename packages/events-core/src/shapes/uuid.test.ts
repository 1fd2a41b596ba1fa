import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Issue } from '../errors/events-error.js';
import { checkOf } from './check.js';
import { isUuid, uuid } from './uuid.js';

describe('uuid', () => {
  it('accepts a UUID of any version in either case, and gives it in lower case', () => {
    fc.assert(
      fc.property(fc.uuid(), (text) => {
        expect(checkOf(uuid())(text.toUpperCase(), [])).toBe(text.toLowerCase());
        expect(uuid().type.fromWire(text)).toBe(text.toLowerCase());
      }),
    );
    expect(isUuid('00000000-0000-0000-0000-000000000000')).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['no hyphens', '0198c5a0000070008000000000000000'],
    ['braces', '{0198c5a0-0000-7000-8000-000000000000}'],
    ['a letter that is none of its digits', '0198c5a0-0000-7000-8000-00000000000g'],
    ['a line end behind it', '0198c5a0-0000-7000-8000-000000000000\n'],
    ['a number', 5],
  ])('refuses %s both ways', (_, value) => {
    const issues: Issue[] = [];
    checkOf(uuid())(value, issues);
    expect(issues).toHaveLength(1);
    expect(() => uuid().type.fromWire(value as string)).toThrow('expected a UUID');
  });

  it('creates samples that it accepts itself', () => {
    const sample = uuid().type.sample?.(() => 0.5) as string;
    expect(isUuid(sample)).toBe(true);
  });
});
