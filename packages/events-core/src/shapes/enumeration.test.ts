import { describe, expect, it } from 'vitest';
import type { Issue } from '../errors/events-error.js';
import { InvalidShapeError } from '../errors/signal-errors.js';
import { checkOf } from './check.js';
import { enumeration } from './enumeration.js';

describe('enumeration', () => {
  const mode = enumeration(['audit', 'verified', '']);

  it.each(['audit', 'verified', ''] as const)('accepts %j both ways', (value) => {
    expect(checkOf(mode)(value, [])).toBe(value);
    expect(mode.type.fromWire(mode.type.toWire(value))).toBe(value);
  });

  it.each(['Audit', 'honor', 'constructor', 5])('refuses %j both ways, naming what there is', (value) => {
    const issues: Issue[] = [];
    checkOf(mode)(value, issues);
    expect(issues).toEqual([{ path: '', message: 'expected one of "audit", "verified", ""' }]);
    expect(() => mode.type.fromWire(value as never)).toThrow('expected one of "audit", "verified", ""');
  });

  it('refuses to have no value, or one twice', () => {
    expect(() => enumeration([] as never)).toThrow(InvalidShapeError);
    expect(() => enumeration(['a', 'b', 'a'])).toThrow(InvalidShapeError);
  });

  it('makes samples of its own values', () => {
    expect([0, 0.5, 0.999].map((chance) => mode.type.sample?.(() => chance))).toEqual([
      'audit',
      'verified',
      '',
    ]);
  });
});
