import type { OutboxFault } from './outbox-scenario.js';
import type { OutboxVerdict } from './outbox-verdict.js';

/** What came of one run of a scenario with an outbox, in figures. */
export interface OutboxResult extends OutboxVerdict {
  readonly fault: string;
  readonly scenario: 'outbox-writers' | 'outbox-relay';
  /** The database. */
  readonly bus: string;
  /** The bus on which its events were published. */
  readonly publishesOn: string;
  readonly seed: number;
  readonly faults: Readonly<Record<OutboxFault, number>>;
  readonly deadlocks: number;
  /** Events that the relay has parked. */
  readonly parked: number;
  /** Events that were still in the outbox at the end. */
  readonly left: number;
  readonly leaseMs: number;
  /** The longest time from a fault of the active relay until another held the lease; null: there was none. */
  readonly worstTakeOverMs: number | null;
  /** The longest time from a fault to the next published event; null: there was none. */
  readonly worstRecoveryMs: number | null;
  readonly durationMs: number;
  /** Processes that did not end well. */
  readonly badEnds: readonly string[];
  /** What should hold and did not, in sentences. */
  readonly broken: readonly string[];
}

/** What holds in every run and did not hold in this one: sentences, none when all is well. */
export function brokenOutboxPromises(
  result: Omit<OutboxResult, 'broken'>,
  { takeOverSlackMs }: { readonly takeOverSlackMs: number },
): readonly string[] {
  const none = (found: number, what: string) => (found > 0 ? [`${found} ${what}`] : []);
  const { worstDuplicates, worstTakeOverMs, leaseMs } = result;
  const isLate = worstTakeOverMs !== null && worstTakeOverMs > leaseMs + takeOverSlackMs;
  return [
    ...none(result.lost, 'events lost'),
    ...none(result.ghosts, 'events published whose transactions rolled back'),
    ...none(result.orderViolations, 'events out of order'),
    ...none(result.deadlocks, 'deadlocks'),
    ...none(result.parked, 'events parked'),
    ...none(result.left, 'events left in the outbox'),
    ...none(worstDuplicates > mostDuplicates ? worstDuplicates : 0, 'duplicates after one fault'),
    ...(isLate ? [`a take-over after ${worstTakeOverMs} ms, with a lease of ${leaseMs} ms`] : []),
    ...result.badEnds,
  ];
}

/** Two batches of the relay. */
const mostDuplicates = 2 * 500;

/** The figures of a run as one line for people. */
export function outboxFiguresOf(result: OutboxResult): string {
  const count = (value: number) => value.toLocaleString('en');
  const { fault, scenario, bus, publishesOn, committed, faults, duplicates, worstDuplicates } = result;
  const done = Object.values(faults).reduce((sum, number) => sum + number, 0);
  return [
    `${fault} ${scenario} on ${bus} and ${publishesOn}: ${count(committed)} events, ${done} faults: ${count(result.lost)} lost`,
    `${count(result.ghosts)} ghosts`,
    `${count(result.orderViolations)} order violations`,
    `${count(result.deadlocks)} deadlocks`,
    `${count(duplicates)} duplicates (max per fault ${count(worstDuplicates)})`,
    ...(result.worstTakeOverMs === null
      ? []
      : [`take-over at most ${result.worstTakeOverMs} ms with a lease of ${result.leaseMs} ms`]),
    ...(result.worstRecoveryMs === null ? [] : [`recovery at most ${result.worstRecoveryMs} ms`]),
    `${(result.durationMs / 1_000).toFixed(1)} s, seed ${result.seed}`,
  ].join(', ');
}
