import { type ProcessFindings, perSecondOf, type SoakResult } from './soak-result.js';

/** What a soak is held to. */
export interface SoakLimits {
  /** The limit of the upper bound of the heap's growth; undefined: the run is too short to measure it. */
  readonly heapMbPerHour?: number;
  /** Events a second, at least, where that is not left to how busy the machine is. */
  readonly perSecond?: number;
  /** The least number of samples of each process that shows a trend. */
  readonly leastSamples: number;
}

/** What should hold in a soak and did not: sentences, none when all is well. */
export function brokenSoak(result: Omit<SoakResult, 'broken'>, limits: SoakLimits): readonly string[] {
  const { offered, accepted, rejected, lost, ghosts, duplicates, left, badEnds, processes } = result;
  const none = (found: number, what: string) => (found > 0 ? [`${found} ${what}`] : []);
  const perSecond = perSecondOf(result);
  return [
    ...none(lost, 'events lost'),
    ...none(ghosts, 'ghosts'),
    ...none(rejected, 'sends rejected'),
    ...none(offered - accepted - rejected, 'sends without an answer'),
    ...none(duplicates, 'events handled twice'), // nothing dies in it
    ...none(left.pending + left.unread, 'events left in the broker'),
    ...(perSecond < (limits.perSecond ?? 0)
      ? [`${perSecond} events a second instead of ${result.perSecond}`]
      : []),
    ...processes.flatMap((findings) => grown(findings, limits)),
    ...badEnds,
  ];
}

function grown(
  { life, samples, heapMbPerHour, counts }: ProcessFindings,
  { heapMbPerHour: limit, leastSamples }: SoakLimits,
): readonly string[] {
  const more = Object.entries(counts)
    .filter(([, { first, last }]) => last > first)
    .map(
      ([name, { first, last }]) =>
        `${life} has at least ${last} ${name} at the end, and had at most ${first}`,
    );
  if (samples < leastSamples) return [`${life} wrote only ${samples} samples`, ...more];
  if (limit === undefined || (heapMbPerHour !== null && heapMbPerHour.upper < limit)) return more;
  const upper = heapMbPerHour?.upper ?? 'an unknown number of';
  return [`the heap of ${life} may grow by ${upper} MB an hour, which is not less than ${limit}`, ...more];
}
