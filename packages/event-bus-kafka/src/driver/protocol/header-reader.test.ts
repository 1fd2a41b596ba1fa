import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.js';
import { HeaderReader } from './header-reader.js';

type Written = readonly (readonly [name: string, value: string | null])[];

const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);

function encoded(headers: Written): readonly number[] {
  const text = (value: string | null) =>
    value === null ? [zigzag(-1)] : [zigzag(Buffer.byteLength(value)), ...Buffer.from(value)];
  return [zigzag(headers.length), ...headers.flatMap(([name, value]) => [...text(name), ...text(value)])];
}

function readAll(records: readonly Written[]) {
  const reader = new ByteReader(Buffer.from(records.flatMap(encoded)));
  const headerReader = new HeaderReader();
  return records.map(() => headerReader.read(reader));
}

describe('HeaderReader', () => {
  it('reads what each record has, whatever the first one has in the same places', () => {
    const records: readonly Written[] = [
      [
        ['type', 'a'],
        ['id', '1'],
        ['none', null],
      ],
      [
        ['type', 'a'],
        ['id', '2'],
        ['none', ''],
      ],
      [
        ['type', 'ab'],
        ['i', 'd1'],
        ['none', null],
        ['été', 'x'],
      ],
      [],
      [['', '']],
      [
        ['type', 'a'],
        ['id', '1'],
        ['none', null],
        ['été', 'x'],
        ['more', 'y'],
      ],
    ];
    const texts = readAll(records).map((headers) =>
      headers.map(([name, value]) => [name, value === null ? null : String(value)]),
    );
    expect(texts).toEqual(records);
  });

  it('makes the header that records have in common once', () => {
    const [first, second] = readAll([[['type', 'a']], [['type', 'a']]]);
    expect(second?.[0]).toBe(first?.[0]);
  });

  it('refuses more headers than memory should hold, and bytes that end too early', () => {
    const many = new ByteReader(Buffer.from([0xa2, 0x9c, 0x01]));
    expect(() => new HeaderReader().read(many)).toThrow('a record has more than 10000 headers');
    const reader = new ByteReader(Buffer.from([...encoded([['type', 'a']]), 2, 8, 0x74]));
    const headerReader = new HeaderReader();
    headerReader.read(reader);
    expect(() => headerReader.read(reader)).toThrow(RangeError);
  });
});
