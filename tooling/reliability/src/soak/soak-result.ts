import type { BrokerStock } from '../buses/bus-under-test.js';
import type { LinearTrend } from './linear-trend.js';

/** What came of one soak, in figures. */
export interface SoakResult {
  readonly scenario: 'soak';
  readonly bus: string;
  readonly seed: number;
  /** What was asked for. */
  readonly perSecond: number;
  readonly offered: number;
  /** Sends that the bus accepted, and that it rejected. */
  readonly accepted: number;
  readonly rejected: number;
  /** Different events that were handled. */
  readonly handled: number;
  readonly lost: number;
  readonly ghosts: number;
  readonly duplicates: number;
  readonly slowestSendMs: number;
  /** From the first send until everything was handled. */
  readonly durationMs: number;
  /** What of it is left out of trends. */
  readonly warmUpMs: number;
  readonly processes: readonly ProcessFindings[];
  /** What the broker held at the end. */
  readonly left: BrokerStock;
  /** Processes that did not end well. */
  readonly badEnds: readonly string[];
  /** What should hold and did not, in sentences. */
  readonly broken: readonly string[];
}

/** What a process held while it ran. */
export interface ProcessFindings {
  readonly life: string;
  /** After the warm-up. */
  readonly samples: number;
  /** Growth of the heap that is in use after a collection, in MB (10⁶ bytes) an hour; null: too few samples. */
  readonly heapMbPerHour: LinearTrend | null;
  /** In MB: of the first and the last sample after the warm-up. */
  readonly heapUsedMb: FirstAndLast;
  readonly externalMb: FirstAndLast;
  readonly arrayBuffersMb: FirstAndLast;
  readonly rssMb: FirstAndLast;
  /** By name, how many of what: the most in the first half after the warm-up, and the fewest in the last quarter. */
  readonly counts: Readonly<Record<string, FirstAndLast>>;
}

export interface FirstAndLast {
  readonly first: number;
  readonly last: number;
}

/** The figures of a soak as one line for people. */
export function soakFiguresOf(result: SoakResult): string {
  const count = (value: number) => value.toLocaleString('en');
  const { bus, seed, accepted, durationMs, lost, duplicates, rejected, processes } = result;
  return [
    `soak on ${bus}: ${count(accepted)} events in ${(durationMs / 60_000).toFixed(1)} min (${count(perSecondOf(result))}/s): ${count(lost)} lost`,
    ...(rejected > 0 ? [`${count(rejected)} rejected`] : []),
    `${count(duplicates)} duplicates`,
    ...processes.map(({ life, heapUsedMb, heapMbPerHour }) =>
      heapMbPerHour === null
        ? `heap of ${life} ${heapUsedMb.last} MB`
        : `heap of ${life} ${heapUsedMb.last} MB, ${heapMbPerHour.slope} MB/h (${heapMbPerHour.lower} to ${heapMbPerHour.upper})`,
    ),
    `seed ${seed}`,
  ].join(', ');
}

/** How many events it really were. */
export function perSecondOf({ accepted, durationMs }: Pick<SoakResult, 'accepted' | 'durationMs'>): number {
  return Math.round((accepted / durationMs) * 1_000);
}
