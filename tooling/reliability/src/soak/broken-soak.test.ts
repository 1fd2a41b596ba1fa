import { describe, expect, it } from 'vitest';
import { brokenSoak } from './broken-soak.js';
import { processFindings } from './process-findings.js';
import type { Sample } from './sample.js';
import { soak } from './soak.js';
import { fineSoak } from './soak-result.test-support.js';

const { limits } = soak.sizes.full;
const nobody = { first: 0, last: 0 };
const { broken: _, ...fine } = fineSoak;
const [producer] = fine.processes as [(typeof fine.processes)[number]];

/** The findings about a process that ran for half an hour. */
function withSamples(of: (index: number) => Partial<Sample>) {
  const samples = Array.from({ length: 180 }, (_, index) => ({
    at: index * 10_000,
    heapUsed: 20e6,
    external: 0,
    arrayBuffers: 0,
    rss: 0,
    counts: {},
    ...of(index),
  }));
  return { ...fine, processes: [processFindings('consumer', samples, 300_000)] };
}

describe('brokenSoak', () => {
  it('finds nothing where nothing grows', () => {
    expect(brokenSoak(fine, limits)).toEqual([]);
  });

  it.each([
    ['lost events', { lost: 2 }, '2 events lost'],
    ['ghosts', { ghosts: 2 }, '2 ghosts'],
    ['rejected sends', { rejected: 2, offered: fine.offered + 2 }, '2 sends rejected'],
    ['sends without an answer', { offered: fine.offered + 2 }, '2 sends without an answer'],
    ['duplicates', { duplicates: 2 }, '2 events handled twice'],
    ['a rest', { left: { stored: 3, pending: 1, unread: 1 } }, '2 events left in the broker'],
    [
      'a bus that does not keep up',
      { durationMs: fine.durationMs * 2 },
      '1000 events a second instead of 2000',
    ],
    ['a bad end', { badEnds: ['consumer ended with 1: no'] }, 'consumer ended with 1: no'],
  ])('finds %s', (_, changes, found) => {
    expect(brokenSoak({ ...fine, ...changes }, limits)).toEqual([found]);
  });

  it('holds the upper bound of the growth to the limit, not the slope', () => {
    const grows = (upper: number) => ({
      ...fine,
      processes: [{ ...producer, heapMbPerHour: { slope: 1, lower: 0.5, upper } }],
    });
    expect(brokenSoak(grows(3.999), limits)).toEqual([]);
    expect(brokenSoak(grows(4), limits)).toEqual([
      'the heap of producer may grow by 4 MB an hour, which is not less than 4',
    ]);
    expect(brokenSoak(grows(4), soak.sizes.short.limits)).toEqual([]);
  });

  it('catches a process that keeps a byte of every event', () => {
    const leaking = withSamples((index) => ({ heapUsed: 20e6 + index * 10 * 2_000 }));
    expect(brokenSoak(leaking, limits)).toEqual([
      expect.stringMatching(/^the heap of consumer may grow by 7/),
    ]);
  });

  it('catches a process that keeps a timer every other minute', () => {
    const leaking = withSamples((index) => ({
      counts: { 'objects Timeout': 5 + (index % 3) + Math.floor(index / 12) },
    }));
    expect(brokenSoak(leaking, limits)).toEqual([
      'consumer has at least 17 objects Timeout at the end, and had at most 15',
    ]);
  });

  it('does not treat few samples as good ones', () => {
    const processes = [{ ...producer, samples: 99, counts: { handles: nobody } }];
    expect(brokenSoak({ ...fine, processes }, limits)).toEqual(['producer wrote only 99 samples']);
  });
});
