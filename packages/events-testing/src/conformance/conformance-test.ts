import type { Bench } from './bench.js';
import type { BusHarness, Capability } from './bus-harness.js';
import { isMissing } from './missing.js';

/** One thing that is asked of a bus. Needs at most one capability, so that none can hide a test of another. */
export interface ConformanceTest {
  readonly suite: SuiteName;
  /** A sentence that is true of a bus that passes. */
  readonly name: string;
  readonly needs?: Need | readonly Need[];
  readonly run: (bench: Bench) => Promise<void>;
}

/** The suites, in the order in which they run. */
export type SuiteName =
  | 'delivery'
  | 'ordering'
  | 'redelivery'
  | 'groups'
  | 'poison'
  | 'dead letters'
  | 'retry topics'
  | 'policies'
  | 'concurrency'
  | 'topic store'
  | 'group positions'
  | 'event fates'
  | 'topic browser'
  | 'lifecycle'
  | 'progress'
  | 'reconnect';

/** What a test cannot do without. */
export type Need = Capability | OptionalPart;

/** A part of a harness that may be missing. */
type OptionalPart = 'crashConsumer' | 'createAdmin' | 'laneOutage' | 'maxMessageBytes' | 'outage' | 'refusal';

/** Why a test is left off for a bus; undefined when it runs. */
export function reasonToLeaveOff(
  { needs }: Pick<ConformanceTest, 'needs'>,
  harness: BusHarness,
): string | undefined {
  for (const need of [needs ?? []].flat()) {
    const has: unknown = isPart(need) ? harness[need] : harness.capabilities[need];
    if (isMissing(has)) return `${need}: ${has.missing}`;
    if (has === undefined) return `${need}: the harness does not give it`;
  }
  return undefined;
}

function isPart(need: Need): need is OptionalPart {
  return (parts as readonly string[]).includes(need);
}

const parts: readonly OptionalPart[] = [
  'crashConsumer',
  'createAdmin',
  'laneOutage',
  'maxMessageBytes',
  'outage',
  'refusal',
];
