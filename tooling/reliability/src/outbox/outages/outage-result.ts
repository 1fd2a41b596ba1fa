import type { OutboxVerdict } from '../outbox-verdict.js';
import { median } from './outage-measures.js';
import type { OutageKind } from './outage-scenario.js';

/** What came of one outage. */
export interface OutageFigures {
  readonly kind: OutageKind;
  readonly forMs: number;
  /** Of requests before the outage and during it. */
  readonly medianMs: readonly [before: number, during: number];
  readonly p99Ms: readonly [before: number, during: number];
  /** From the end of the outage to the next event of an affected topic. */
  readonly firstAfterMs: number;
  /** By how much the resident memory of the relay grew at most, until all was published. */
  readonly memoryGrowthMb: number;
  /** By how much its heap in use grew, of both spans after a collection: 5 % of the samples are smaller. */
  readonly heapGrowthMb?: number;
  /** Events of the other topic in a second, before the outage and during it; null where the whole bus was affected. */
  readonly otherRate: readonly [before: number, during: number] | null;
}

/** What came of the outages of a bus, in figures. */
export interface OutageResult extends OutboxVerdict {
  readonly fault: 'F27';
  readonly scenario: 'outbox-outages';
  readonly bus: string;
  readonly seed: number;
  readonly outages: readonly OutageFigures[];
  readonly parked: number;
  readonly left: number;
  readonly durationMs: number;
  readonly badEnds: readonly string[];
  /** What should hold and did not, in sentences. */
  readonly broken: readonly string[];
}

/** What holds in every run and did not hold in this one: sentences, none when all is well. */
export function brokenOutagePromises(result: Omit<OutageResult, 'broken'>): readonly string[] {
  const none = (found: number, what: string) => (found > 0 ? [`${found} ${what}`] : []);
  const over = (value: number, most: number, what: string) =>
    value <= most ? [] : [`${what}: ${value.toFixed(2)}, at most ${most} is promised`];
  const unreachable = result.outages.filter(({ kind }) => kind === 'unreachable');
  const ratio = (of: 'medianMs' | 'p99Ms') =>
    median(unreachable.map(({ [of]: [before, during] }) => during / before));
  return [
    ...none(result.lost, 'events lost'),
    ...none(result.ghosts, 'events published that were not committed'),
    ...none(result.orderViolations, 'events out of order'),
    ...none(result.parked, 'events parked'),
    ...none(result.left, 'events left in the outbox'),
    ...(unreachable.length === 0
      ? []
      : [
          ...over(
            ratio('medianMs'),
            1.1,
            'median of a request while the broker is unreachable, against before',
          ),
          ...over(
            ratio('p99Ms'),
            1.5,
            '99 % of the requests while the broker is unreachable, against before',
          ),
        ]),
    ...unreachable.flatMap(({ firstAfterMs, memoryGrowthMb }) => [
      ...over(firstAfterMs / 1_000, 2, 'seconds to the first event after the broker was back'),
      ...over(memoryGrowthMb, 64, 'MB more in the relay'),
    ]),
    ...result.outages.flatMap(({ kind, otherRate }) =>
      otherRate === null || otherRate[1] >= 0.8 * otherRate[0]
        ? []
        : [
            `${kind}: the other topic had ${otherRate[1].toFixed(0)} events/s, and ${otherRate[0].toFixed(0)} before`,
          ],
    ),
    ...result.badEnds,
  ];
}

/** The figures of a run as lines for people. */
export function outageFiguresOf(result: OutageResult): string {
  const { fault, scenario, bus, committed, lost, ghosts, orderViolations, duplicates, parked } = result;
  const head = `${fault} ${scenario} on ${bus}: ${committed.toLocaleString('en')} events, ${lost} lost, ${ghosts} ghosts, ${orderViolations} order violations, ${duplicates} duplicates, ${parked} parked, ${(result.durationMs / 1_000).toFixed(1)} s, seed ${result.seed}`;
  return [head, ...result.outages.map((outage) => `  ${outageLine(outage)}`)].join('\n');
}

function outageLine({
  kind,
  forMs,
  medianMs,
  p99Ms,
  firstAfterMs,
  memoryGrowthMb,
  heapGrowthMb,
  otherRate,
}: OutageFigures) {
  const pair = ([before, during]: readonly [number, number]) => `${before.toFixed(1)} → ${during.toFixed(1)}`;
  return [
    `${kind} for ${forMs / 1_000} s: request median ${pair(medianMs)} ms`,
    `p99 ${pair(p99Ms)} ms`,
    `first event after ${firstAfterMs} ms`,
    `relay + ${memoryGrowthMb.toFixed(0)} MB${heapGrowthMb === undefined ? '' : ` (heap ${heapGrowthMb.toFixed(1)} MB)`}`,
    ...(otherRate === null ? [] : [`other topic ${pair(otherRate)} events/s`]),
  ].join(', ');
}
