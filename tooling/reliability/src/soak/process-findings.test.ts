import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.js';
import { processFindings } from './process-findings.js';
import type { Sample } from './sample.js';

const everyMs = 10_000;
const minute = 60_000;

/** Half an hour of samples. */
function samples(of: (index: number) => Partial<Sample>): readonly Sample[] {
  return Array.from({ length: 180 }, (_, index) => ({
    at: 1_000_000 + index * everyMs,
    heapUsed: 20e6,
    external: 3e6,
    arrayBuffers: 1e6,
    rss: 90e6,
    counts: {},
    ...of(index),
  }));
}

describe('processFindings', () => {
  it('finds how fast a heap grows, in MB an hour, and not what happens while the process warms up', () => {
    const growing = samples((index) => ({
      heapUsed: index < 30 ? 5e6 + index * 1e6 : 40e6 + (6e6 * index) / 360,
    }));
    const { heapMbPerHour, samples: count, heapUsedMb } = processFindings('p', growing, 5 * minute);
    expect(heapMbPerHour?.slope).toBe(6);
    expect(count).toBe(150);
    expect(heapUsedMb).toEqual({ first: 40.5, last: 42.983 });
  });

  it('has the first and the last of what else it is', () => {
    const { externalMb, arrayBuffersMb, rssMb } = processFindings(
      'p',
      samples((index) => ({ rss: 90e6 + index })),
      0,
    );
    expect({ externalMb, arrayBuffersMb, rssMb }).toEqual({
      externalMb: { first: 3, last: 3 },
      arrayBuffersMb: { first: 1, last: 1 },
      rssMb: { first: 90, last: 90 },
    });
  });

  it('compares what stays in the end with the most of the first half', () => {
    const { counts } = processFindings(
      'p',
      samples((index) => ({ counts: { fixed: 3, growing: 10 + Math.floor(index / 36) } })),
      5 * minute,
    );
    expect(counts).toEqual({ fixed: { first: 3, last: 3 }, growing: { first: 12, last: 13 } });
  });

  it('is not led astray by what is under way now and then', () => {
    const random = seededRandom(7);
    const { counts } = processFindings(
      'p',
      samples(() => ({ counts: { busy: random.below(10) } })),
      0,
    );
    expect(counts.busy?.first).toBe(9);
    expect(counts.busy?.last).toBeLessThan(9);
  });

  it('knows what is there in some samples only', () => {
    const { counts } = processFindings(
      'p',
      samples((index) => ({ counts: index > 120 ? { late: 1 } : {} })),
      0,
    );
    expect(counts).toEqual({ late: { first: 0, last: 1 } });
  });

  it('compares objects of the samples that have them, unless they are few', () => {
    const some = (every: number) =>
      processFindings(
        'p',
        samples((index) => (index % every === 0 ? { objects: { Timeout: index } } : {})),
        0,
      ).counts;
    expect(some(12)).toEqual({ Timeout: { first: 84, last: 132 } });
    expect(some(18)).toEqual({});
  });

  it('reports nothing when there are no samples', () => {
    expect(processFindings('p', [], 0)).toMatchObject({ samples: 0, heapMbPerHour: null, counts: {} });
  });
});
