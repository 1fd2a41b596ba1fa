import { describe, expect, it } from 'vitest';
import { measuredOf, quantile, sortedIn } from './outage-measures.js';
import {
  brokenOutagePromises,
  type OutageFigures,
  type OutageResult,
  outageFiguresOf,
} from './outage-result.js';

const outage: OutageFigures = {
  kind: 'unreachable',
  forMs: 120_000,
  medianMs: [2, 2.2],
  p99Ms: [10, 15],
  firstAfterMs: 2_000,
  memoryGrowthMb: 64,
  otherRate: null,
};
const result: Omit<OutageResult, 'broken'> = {
  ...{ fault: 'F27', scenario: 'outbox-outages', bus: 'redis', seed: 7, outages: [outage] },
  ...{
    committed: 200,
    published: 200,
    lost: 0,
    ghosts: 0,
    duplicates: 3,
    worstDuplicates: 3,
    orderViolations: 0,
  },
  ...{ parked: 0, left: 0, durationMs: 200_000, badEnds: [] },
};
const broken = (changes: Partial<OutageResult>) => brokenOutagePromises({ ...result, ...changes });
const of = (changes: Partial<OutageFigures>) => broken({ outages: [{ ...outage, ...changes }] });

describe('brokenOutagePromises', () => {
  it('accepts what is promised', () => {
    expect(broken({})).toEqual([]);
    expect(of({ kind: 'denied', otherRate: [500, 400] })).toEqual([]);
  });

  it('names each promise that was not kept', () => {
    expect(broken({ lost: 1, parked: 2, orderViolations: 3 })).toHaveLength(3);
    expect(of({ medianMs: [2, 2.4] })).toEqual([expect.stringContaining('median of a request')]);
    expect(of({ p99Ms: [10, 16] })).toEqual([expect.stringContaining('99 % of the requests')]);
    expect(of({ firstAfterMs: 2_100 })).toEqual([expect.stringContaining('seconds to the first event')]);
    expect(of({ firstAfterMs: Number.NaN })).toEqual([expect.stringContaining('seconds to the first event')]);
    expect(of({ memoryGrowthMb: 65 })).toEqual([expect.stringContaining('MB more in the relay')]);
    expect(of({ kind: 'denied', otherRate: [500, 399] })).toEqual([
      expect.stringContaining('had 399 events/s, and 500 before'),
    ]);
  });

  it('judges requests by the median of the outages', () => {
    const slow = { ...outage, medianMs: [2, 9] as const };
    expect(broken({ outages: [slow, outage, outage] })).toEqual([]);
    expect(broken({ outages: [slow, slow, outage] })).toHaveLength(1);
  });
});

it('outage measures are those of the span', () => {
  const measured = measuredOf('1000 3.5\n2000 1\n2500 2\n3000 9\n');
  expect(sortedIn(measured, { from: 1_000, to: 3_000 })).toEqual([1, 2, 3.5]);
  expect([quantile([1, 2, 3], 0.5), quantile([1, 2, 3], 1), quantile([], 0.5)]).toEqual([2, 3, Number.NaN]);
});

it('the figures of outages are lines for people', () => {
  const text = outageFiguresOf({ ...result, broken: [] });
  expect(text).toContain('F27 outbox-outages on redis: 200 events, 0 lost');
  expect(text).toContain('unreachable for 120 s: request median 2.0 → 2.2 ms, p99 10.0 → 15.0 ms');
});
