import type { SizeName } from '../scenario.js';
import type { SoakLimits } from './broken-soak.js';

/** A long run in which nothing is done to anybody: does a process keep what it should let go of? */
export const soak: Soak = {
  name: 'soak',
  title: 'one producer at a steady rate, one member that handles all events, keys that change, and no faults',
  buses: ['redis', 'kafka'],
  sizes: {
    short: { seconds: 25, perSecond: 2_000, sampleEveryMs: 1_000, limits: { leastSamples: 5 } },
    full: {
      seconds: 1_800,
      perSecond: 2_000,
      sampleEveryMs: 10_000,
      // The last events take their time, too.
      limits: { leastSamples: 100, heapMbPerHour: 4, perSecond: 1_900 },
    },
  },
};

export interface Soak {
  readonly name: 'soak';
  readonly title: string;
  /** Names of the buses on which it is done. */
  readonly buses: readonly string[];
  readonly sizes: Readonly<Record<SizeName, SoakSize>>;
}

/** How long, and how often. */
export interface SoakSize {
  readonly seconds: number;
  readonly perSecond: number;
  readonly sampleEveryMs: number;
  readonly limits: SoakLimits;
}
