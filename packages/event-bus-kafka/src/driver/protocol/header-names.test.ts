import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.js';
import { HeaderNames } from './header-names.js';

/** Reads names that were written one after the other, each in its place. */
function namesIn(written: readonly (readonly [place: number, name: string])[]): readonly string[] {
  const bytes = written.flatMap(([, name]) => [Buffer.byteLength(name) * 2, ...Buffer.from(name)]);
  const reader = new ByteReader(Buffer.from(bytes));
  const names = new HeaderNames();
  return written.map(([place]) => names.read(reader, place));
}

describe('HeaderNames', () => {
  it('reads what is written, whatever was in the place before', () => {
    const written = [
      [0, 'ce_type'],
      [1, 'ce_id'],
      [0, 'ce_type'],
      [1, 'ce_ie'],
      [0, 'ce_typ'],
      [1, ''],
      [0, 'été'],
      [0, 'été'],
      [40, 'far'],
      [40, 'off'],
    ] as const;
    expect(namesIn(written)).toEqual(written.map(([, name]) => name));
  });

  it('reads a negative length as no name', () => {
    expect(new HeaderNames().read(new ByteReader(Buffer.from([1])), 0)).toBe('');
  });
});
