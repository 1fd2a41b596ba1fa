import { describe, expect, it } from 'vitest';
import { list } from './list.js';
import { map } from './map.js';
import { optional } from './optional.js';
import { long, string } from './primitives.js';
import { record } from './record.js';

describe('a shape as a Standard Schema', () => {
  const shape = record('R', {
    name: string(),
    tags: optional(list(string())),
    by_name: optional(map(long())),
  });
  const schema = shape['~standard'];

  it('names its version and its owner', () => {
    expect([schema.version, schema.vendor]).toEqual([1, '@openedx-ts/events-core']);
  });

  it('gives the normalised value', () => {
    expect(schema.validate({ name: 'a' })).toEqual({ value: { name: 'a', tags: null, by_name: null } });
  });

  it('gives every issue with its path', () => {
    expect(schema.validate({ tags: ['a', 5] })).toEqual({
      issues: [
        { message: 'expected text, but it is missing', path: ['name'] },
        { message: 'expected text, got a number', path: ['tags', '1'] },
      ],
    });
    expect(schema.validate(null)).toEqual({ issues: [{ message: 'expected R, got null', path: [] }] });
  });

  it('is part of every shape', () => {
    for (const every of [string(), long(), optional(string()), list(string()), map(string())]) {
      expect('~standard' in every).toBe(true);
      expect(every['~standard'].validate(Symbol('none')).issues).toHaveLength(1);
    }
  });
});

describe('annotations', () => {
  it('are kept, and are empty where none were given', () => {
    expect(string()).toMatchObject({ doc: undefined, pii: [] });
    const shape = string({ doc: 'A name.', pii: ['name', 'username'] });
    expect(shape).toMatchObject({ doc: 'A name.', pii: ['name', 'username'] });
    expect(Object.isFrozen(shape.pii)).toBe(true);
  });
});
