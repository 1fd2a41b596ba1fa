import { describe, expect, it } from 'vitest';
import {
  compareEntryIds,
  type EntryIdParts,
  entryIdAfter,
  entryIdBefore,
  entryTime,
  parseEntryId,
} from './entry-id.js';

const parts = (id: string) => parseEntryId(id) as EntryIdParts;

describe('entry ids', () => {
  it('are parsed with and without a sequence number', () => {
    expect(parseEntryId('1679676448892-5')).toEqual({ ms: 1_679_676_448_892n, sequence: 5n });
    expect(parseEntryId('1679676448892')).toEqual({ ms: 1_679_676_448_892n, sequence: 0n });
  });

  it.each(['', '$', '-', '1-', '-1', '1-2-3', 'yesterday', '1-18446744073709551616'])(
    'are not parsed from %j',
    (text) => expect(parseEntryId(text)).toBeUndefined(),
  );

  it('have a neighbour on either side, across milliseconds too', () => {
    expect(entryIdBefore(parts('7-3'))).toBe('7-2');
    expect(entryIdBefore(parts('7-0'))).toBe('6-18446744073709551615');
    expect(entryIdBefore(parts('0-0'))).toBe('0-0');
    expect(entryIdAfter(parts('7-3'))).toBe('7-4');
    expect(entryIdAfter(parts('7-18446744073709551615'))).toBe('8-0');
  });

  it('are compared as numbers, not as texts', () => {
    expect(compareEntryIds('9-0', '10-0')).toBeLessThan(0);
    expect(compareEntryIds('10-10', '10-9')).toBeGreaterThan(0);
    expect(compareEntryIds('10-1', '10-1')).toBe(0);
  });

  it('hold the time unless somebody chose the id', () => {
    expect(entryTime('1679676448892-5')).toBe(1_679_676_448_892);
    expect(entryTime('5-1')).toBeNull();
    expect(entryTime('8640000000000000-0')).toBe(8_640_000_000_000_000);
    expect(entryTime('8640000000000001-0')).toBeNull(); // in no Date
    expect(entryTime('18446744073709551615-0')).toBeNull();
  });
});
