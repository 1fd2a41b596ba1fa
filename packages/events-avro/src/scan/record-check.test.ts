import { describe, expect, it } from 'vitest';
import { RecordCheck } from './record-check.js';

const text = JSON.stringify({
  type: 'record',
  name: 'CloudEvent',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'count', type: 'long' },
  ],
});
const record = Uint8Array.of(6, 97, 98, 99, 2);

describe('RecordCheck', () => {
  it('finds nothing wrong with a record of the schema', () => {
    expect(new RecordCheck(text).problem(record)).toBeUndefined();
  });

  it.each<[string, Uint8Array, string]>([
    ['a record that was cut', record.subarray(0, 4), 'count: the bytes end inside a number'],
    ['a record that was cut inside a text', record.subarray(0, 2), 'name: '],
    ['an empty record', new Uint8Array(), 'name: '],
    [
      'a record with bytes behind it',
      Uint8Array.of(...record, 0),
      'there are bytes after the end of the record',
    ],
  ])('names what is wrong with %s', (_, bytes, problem) => {
    expect(new RecordCheck(text).problem(bytes)).toContain(problem);
  });

  it('refuses a text that is no schema', () => {
    expect(() => new RecordCheck('{"type": "nothing"}')).toThrow();
    expect(() => new RecordCheck('no JSON')).toThrow();
  });
});
