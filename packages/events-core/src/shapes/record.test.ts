import { describe, expect, it } from 'vitest';
import { InvalidShapeError } from '../errors/signal-errors.js';
import { string } from './primitives.js';
import { record } from './record.js';

describe('record', () => {
  it('keeps its fields in order, frozen, apart from the object they came in', () => {
    const fields = { b: string(), a: string({ doc: 'The first.' }) };
    const shape = record('R', fields, { doc: 'Both.', pii: 'name' });
    expect(Object.keys(shape.fields)).toEqual(['b', 'a']);
    expect(shape.fields).not.toBe(fields);
    expect(Object.isFrozen(shape.fields)).toBe(true);
    expect(Object.isFrozen(shape)).toBe(true);
    expect([shape.name, shape.doc, shape.pii]).toEqual(['R', 'Both.', ['name']]);
  });

  it.each(['', '1st', 'a-b', 'a.b', 'a b', 'é', '__proto__', 'a\n'])(
    'refuses the name %j, which Avro has no room for',
    (name) => {
      expect(() => record(name, { a: string() })).toThrow(InvalidShapeError);
      expect(() => record('R', { [name]: string() })).toThrow(InvalidShapeError);
    },
  );

  it.each(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'])(
    'refuses the record name %j, which means a type in a schema',
    (name) => {
      expect(() => record(name, { a: string() })).toThrow(InvalidShapeError);
      expect(() => record('R', { [name]: string() })).not.toThrow();
    },
  );

  it.each(['_', 'a1', 'constructor', 'toString'])('accepts the name %j', (name) => {
    expect(Object.keys(record(name, { [name]: string() }).fields)).toEqual([name]);
  });

  it('refuses to be without fields', () => {
    expect(() => record('R', {})).toThrow('record R has no field');
  });
});
