import { describe, expect, it } from 'vitest';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import {
  anything,
  count,
  durationMs,
  type OptionRules,
  oneOf,
  requiredText,
  resolveOptions,
} from './resolve-options.js';

interface Options {
  readonly name: string;
  readonly size: number;
  readonly tries: number;
  readonly waitMs: number;
  readonly mode: 'a' | 'b';
  readonly extra: unknown;
}

const rules: OptionRules<Options> = {
  name: requiredText(),
  size: count(1, 10),
  tries: count(1, 5, { allowInfinity: true }),
  waitMs: durationMs(100),
  mode: oneOf(['a', 'b'], 'a'),
  extra: anything(undefined),
};

function issuesOf(given: object): readonly string[] {
  try {
    resolveOptions('thing', given, rules);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidOptionsError);
    return (error as InvalidOptionsError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('resolveOptions', () => {
  it('fills in defaults, and freezes', () => {
    const resolved = resolveOptions<Options>('thing', { name: 'x', size: undefined }, rules);
    expect(resolved).toEqual({ name: 'x', size: 10, tries: 5, waitMs: 100, mode: 'a', extra: undefined });
    expect(Object.isFrozen(resolved)).toBe(true);
  });

  it('uses what is given', () => {
    const given = { name: 'x', size: 1, tries: Number.POSITIVE_INFINITY, waitMs: 0, mode: 'b', extra: null };
    expect(resolveOptions<Options>('thing', given, rules)).toEqual(given);
  });

  it('reports everything that is wrong together', () => {
    expect(issuesOf({ size: 0, tires: 3, mode: 'c', waitMs: -1 })).toEqual([
      'tires: unknown option: did you mean tries?',
      'name: is required',
      'size: must be a whole number, 1 or more',
      'waitMs: must be a number of milliseconds, 0 or more',
      'mode: must be one of a, b',
    ]);
  });

  it.each([
    { name: '' },
    { name: 5 },
    { name: 'x', size: 1.5 },
    { name: 'x', size: Number.POSITIVE_INFINITY },
    { name: 'x', size: '5' },
    { name: 'x', tries: Number.NaN },
    { name: 'x', waitMs: Number.NaN },
    { name: 'x', waitMs: '100' },
    { name: 'x', mode: 'toString' },
    { name: 'x', mode: null },
    { name: 'x', constructor: 'y' },
    JSON.parse('{"name": "x", "__proto__": {}}') as object,
  ])('refuses %o', (given) => {
    expect(issuesOf(given)).toHaveLength(1);
  });

  it('names whose options they are, and not what was given', () => {
    expect(() => resolveOptions('redis consumer', { name: 'x', size: 'hunter2' }, rules)).toThrow(
      /^redis consumer: size: must be a whole number, 1 or more$/,
    );
  });
});
