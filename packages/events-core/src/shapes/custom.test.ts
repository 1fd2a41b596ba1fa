import { describe, expect, it } from 'vitest';
import { InvalidShapeError } from '../errors/signal-errors.js';
import { custom } from './custom.js';

const parts = { name: 'Cents', normalize: Number, toWire: (value: number) => value, fromWire: Number };

describe('custom', () => {
  it('rests on any primitive', () => {
    const shape = custom({ ...parts, wire: 'long' }, { doc: 'Money.', pii: 'other' });
    expect(shape.kind).toBe('custom');
    expect(shape.type.wire).toBe('long');
    expect([shape.doc, shape.pii]).toEqual(['Money.', ['other']]);
  });

  it.each(['int', 'record', '', 'toString', undefined])('refuses to rest on %j', (wire) => {
    expect(() => custom({ ...parts, wire } as never)).toThrow(InvalidShapeError);
    expect(() => custom({ ...parts, wire } as never)).toThrow(
      'use one of string, long, double, boolean, bytes',
    );
  });
});
