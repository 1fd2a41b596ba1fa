import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.js';
import { moments } from './moments.js';

describe('moments', () => {
  const size = { events: 50_000, faults: 20 };

  it('lie in order within the run, with something left to do after the last', () => {
    const counts = moments(size, seededRandom(7));
    expect(counts).toHaveLength(20);
    expect(counts).toEqual([...counts].sort((one, other) => one - other));
    expect(counts[0]).toBeGreaterThan(2_000);
    expect(counts.at(-1)).toBeLessThan(49_000);
  });

  it('are the same for the same seed, and others for another', () => {
    expect(moments(size, seededRandom(7))).toEqual(moments(size, seededRandom(7)));
    expect(moments(size, seededRandom(7))).not.toEqual(moments(size, seededRandom(8)));
  });
});
