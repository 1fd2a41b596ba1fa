import { linearTrend } from './linear-trend.js';
import type { Sample } from './sample.js';
import type { FirstAndLast, ProcessFindings } from './soak-result.js';

/** Reads the samples of a process; those of its warm-up are left out. */
export function processFindings(life: string, samples: readonly Sample[], warmUpMs: number): ProcessFindings {
  const startedAt = samples[0]?.at ?? 0;
  const warm = samples.filter(({ at }) => at - startedAt >= warmUpMs);
  const trend = linearTrend(warm.map(({ at, heapUsed }) => [at / msPerHour, heapUsed / bytesPerMb]));
  const ofBytes = (bytes: (sample: Sample) => number): FirstAndLast => ({
    first: megabytes(warm.slice(0, 1).map(bytes)),
    last: megabytes(warm.slice(-1).map(bytes)),
  });
  return {
    life,
    samples: warm.length,
    heapMbPerHour:
      trend === undefined
        ? null
        : { slope: rounded(trend.slope), lower: rounded(trend.lower), upper: rounded(trend.upper) },
    heapUsedMb: ofBytes(({ heapUsed }) => heapUsed),
    externalMb: ofBytes(({ external }) => external),
    arrayBuffersMb: ofBytes(({ arrayBuffers }) => arrayBuffers),
    rssMb: ofBytes(({ rss }) => rss),
    counts: {
      ...growths(warm.map(({ counts }) => counts)),
      ...growths(warm.flatMap(({ objects }) => (objects === undefined ? [] : [objects]))),
    },
  };
}

const msPerHour = 3_600_000;
const bytesPerMb = 1_000_000;

/**
 * The most in the first half, and the fewest in the last quarter: what is under way comes and goes, and what is leaked
 * stays. Too few counts are ignored. A type that is missing in a count counts as 0.
 */
function growths(counts: readonly Sample['counts'][]): ProcessFindings['counts'] {
  if (counts.length < leastCounts) return {};
  const names = [...new Set(counts.flatMap((one) => Object.keys(one)))].sort();
  const firstHalf = counts.slice(0, Math.ceil(counts.length / 2));
  const end = counts.slice(-Math.ceil(counts.length / 4));
  return Object.fromEntries(
    names.map((name) => {
      const of = (one: Sample['counts']) => one[name] ?? 0;
      return [name, { first: Math.max(...firstHalf.map(of)), last: Math.min(...end.map(of)) }];
    }),
  );
}

/** With fewer, chance alone would too often have more of something in the last quarter. */
const leastCounts = 12;

function megabytes([bytes = 0]: readonly number[]): number {
  return rounded(bytes / bytesPerMb);
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
