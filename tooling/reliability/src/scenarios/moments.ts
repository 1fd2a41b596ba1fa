import type { ScenarioSize } from '../scenario.js';
import type { SeededRandom } from '../seeded-random.js';

/**
 * When to do the faults, as counts of events: spread over the run, each a little later than an even share, and none
 * where nothing is left to do.
 */
export function moments({ events, faults }: ScenarioSize, random: SeededRandom): readonly number[] {
  const share = Math.floor(events / (faults + 1));
  return Array.from({ length: faults }, (_, index) => (index + 1) * share + random.below(share / 2));
}
