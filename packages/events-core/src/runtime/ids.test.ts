import { describe, expect, it } from 'vitest';
import { isUuid } from '../shapes/uuid.js';
import { uuidV7Source } from './ids.js';

describe('uuidV7Source', () => {
  it('makes UUIDs of version 7 and the variant of RFC 9562', () => {
    const next = uuidV7Source({ now: () => 1_767_323_045_678 });
    for (let index = 0; index < 1_000; index += 1) {
      const id = next();
      expect(isUuid(id)).toBe(true);
      expect(id[14]).toBe('7');
      expect(id[19]).toMatch(/[89ab]/);
    }
  });

  it('puts the time in front, so that ids sort by time', () => {
    let now = 0;
    const next = uuidV7Source({ now: () => now });
    const ids = [0, 1, 255, 256, 1_767_323_045_678, 2 ** 41, 2 ** 47].map((ms) => {
      now = ms + 0.9;
      return next();
    });
    expect(ids).toEqual([...ids].sort());
    expect(ids[4]?.replace('-', '')).toMatch(/^019b7ca98f2e/);
  });

  it('does not repeat itself within a millisecond', () => {
    const next = uuidV7Source({ now: () => 5 });
    expect(new Set(Array.from({ length: 10_000 }, next)).size).toBe(10_000);
  });

  it('stays a UUID before 1970', () => {
    expect(isUuid(uuidV7Source({ now: () => -5 })())).toBe(true);
  });
});
