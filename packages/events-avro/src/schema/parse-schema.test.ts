import { describe, expect, it } from 'vitest';
import { parseSchema, schemaLimits } from './parse-schema.js';
import type { RecordNode } from './schema-node.js';

const recordOf = (fields: unknown, name = 'R') => ({ type: 'record', name, fields });
const field = (type: unknown, name = 'f') => ({ name, type });

describe('parseSchema', () => {
  it('reads names relative to their namespace, hyphens in it included', () => {
    const node = parseSchema({
      ...recordOf([field({ ...recordOf([field('long')], 'Inner') }), field('Inner', 'again')]),
      namespace: 'org.open-edx.v1',
    }) as RecordNode;
    expect(node.name).toBe('org.open-edx.v1.R');
    expect(node.fields[1]?.node).toBe(node.fields[0]?.node);
  });

  it('reads a recursive record', () => {
    const node = parseSchema(recordOf([field(['null', 'R'])])) as RecordNode;
    expect(node.fields[0]?.node).toStrictEqual({ kind: 'union', branches: [{ kind: 'null' }, node] });
  });

  it('ignores what does not change the bytes: docs, aliases, logical types, order', () => {
    const type = { type: 'long', logicalType: 'timestamp-millis', doc: 'x' };
    const node = parseSchema({ ...recordOf([{ ...field(type), order: 'descending', aliases: ['old'] }]) });
    expect((node as RecordNode).fields[0]?.node).toStrictEqual({ kind: 'long' });
  });

  it.each<[string, unknown, RegExp]>([
    ['text that is not JSON', '{"type": ', /not valid JSON/],
    ['a number', 5, /expected a type name/],
    ['null', null, /expected a type name/],
    ['an unknown type', recordOf([field('strin')]), /^f: a type is used that the schema does not define/],
    ['code as a name', recordOf([], 'a(){};process.exit()//'), /not a valid Avro name/],
    ['code as a field name', recordOf([field('long', 'a;alert(1)')]), /no valid name/],
    ['__proto__ as a field name', recordOf([field('long', '__proto__')]), /no valid name/],
    ['a primitive redefined', recordOf([], 'string'), /name of a primitive/],
    ['a field twice', recordOf([field('long'), field('long')]), /two fields/],
    [
      'a type twice',
      recordOf([field(recordOf([], 'A'), 'a'), field(recordOf([], 'A'), 'b')]),
      /^b: two types/,
    ],
    ['an empty union', recordOf([field([])]), /no branch/],
    ['a union in a union', recordOf([field(['null', ['long']])]), /contains a union/],
    ['one type twice in a union', recordOf([field(['null', 'null'])]), /a type twice/],
    ['an enum without symbols', { type: 'enum', name: 'E', symbols: [] }, /no symbols/],
    ['an enum with a doubled symbol', { type: 'enum', name: 'E', symbols: ['A', 'A'] }, /symbol twice/],
    ['a fixed without a size', { type: 'fixed', name: 'F' }, /no valid size/],
    ['a record without fields', { type: 'record', name: 'R' }, /no list of fields/],
  ])('refuses %s', (_what, schema, message) => {
    expect(() => parseSchema(schema)).toThrow(message);
  });

  it('refuses text that is too long before it is parsed', () => {
    expect(() => parseSchema(`"${'x'.repeat(schemaLimits.text)}"`)).toThrow(/longer than/);
  });

  it('refuses 5,000 levels and a hundred thousand fields within milliseconds', () => {
    const deep = `${'{"type": "array", "items": '.repeat(5000)}"long"${'}'.repeat(5000)}`;
    const wide = JSON.stringify(recordOf(Array.from({ length: 25_000 }, (_, i) => field('int', `f${i}`))));
    expect(() => parseSchema(deep)).toThrow(/deeper than 64/);
    expect(() => parseSchema(wide)).toThrow(/more than 10000/);
  });
});
