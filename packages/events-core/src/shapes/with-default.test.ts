import { describe, expect, it } from 'vitest';
import { InvalidShapeError } from '../errors/signal-errors.js';
import { DateTime } from './date-time.js';
import { datetime } from './datetime.js';
import { list } from './list.js';
import { map } from './map.js';
import { optional } from './optional.js';
import { bytes, long, string } from './primitives.js';
import { record } from './record.js';
import { withDefault } from './with-default.js';

describe('withDefault', () => {
  it('normalises the default as a sent value would be', () => {
    const inner = record('Inner', { at: datetime(), note: optional(string()) });
    const shape = withDefault(inner, { at: '2026-01-02T03:04:05Z' });
    expect(shape.default).toEqual({ at: DateTime.parse('2026-01-02T03:04:05+00:00'), note: null });
  });

  it('accepts values that are false to JavaScript as defaults', () => {
    expect(withDefault(long(), 0).default).toBe(0);
    expect(withDefault(string(), '').default).toBe('');
    expect(withDefault(list(string()), []).default).toEqual([]);
  });

  it('refuses a default that does not fit, with its path', () => {
    const shape = record('R', { a: long() });
    expect(() => withDefault(shape, { a: 'x' } as never)).toThrow(InvalidShapeError);
    expect(() => withDefault(shape, { a: 'x' } as never)).toThrow('a: expected an integer, got text');
    expect(() => withDefault(string(), null as never)).toThrow(InvalidShapeError);
  });

  it('cannot be changed through an event that it was filled into', () => {
    const inner = record('Inner', {
      tags: list(string()),
      counts: map(long()),
      at: datetime(),
      raw: bytes(),
    });
    const shape = withDefault(inner, { tags: [], counts: {}, at: new Date(0), raw: new Uint8Array() });
    const filled = shape.default as unknown as { tags: string[]; counts: Record<string, number> };
    expect(() => filled.tags.push('x')).toThrow(TypeError);
    expect(() => {
      filled.counts.a = 1;
    }).toThrow(TypeError);
    expect(Object.isFrozen(filled)).toBe(true);
  });

  it('lends the annotations of what it wraps, and prefers its own', () => {
    const inner = string({ doc: 'Inner.', pii: 'name' });
    expect(withDefault(inner, 'x')).toMatchObject({ doc: 'Inner.', pii: ['name'] });
    expect(withDefault(inner, 'x', { doc: 'Outer.', pii: [] })).toMatchObject({ doc: 'Outer.', pii: [] });
    expect(optional(inner)).toMatchObject({ doc: 'Inner.', pii: ['name'] });
  });
});
