import type { BrokerStock } from './buses/bus-under-test.js';
import type { PartitionPauses } from './checker/partition-recoveries.js';

/** What came of one run of a scenario, in figures. */
export interface RunResult {
  readonly fault: string;
  readonly scenario: string;
  readonly bus: string;
  readonly seed: number;
  /** The commit of the other version, where there was one. */
  readonly against?: string;
  readonly faults: number;
  /** Sends that the bus accepted, and that it rejected. */
  readonly accepted: number;
  readonly rejected: number;
  /** Different events that were handled. */
  readonly handled: number;
  readonly lost: number;
  readonly ghosts: number;
  /** How many times too often an event was handled. */
  readonly duplicates: number;
  /** How many times too often events lie in the log of the broker; undefined where the rig does not read it. */
  readonly copies?: number;
  /** Accepted events that do not lie at the position of their receipt; undefined where the rig does not read the log. */
  readonly misplaced?: number;
  /** How long partitions accepted nothing after a fault of a cluster; undefined where that is not measured. */
  readonly pauses?: PartitionPauses;
  /** Redelivered because a process was killed that had them: all, and the most for one kill. */
  readonly redelivered: number;
  readonly worstRedelivered: number;
  /** Redelivered for another reason. */
  readonly redeliveredOtherwise: number;
  /** Events of a key that were first handled after a later one; null: that is not promised. */
  readonly orderViolations: number | null;
  /** What became of events that always fail; null: there were none. */
  readonly deadLetters: DeadLetterCounts | null;
  /** What receivers did that use an inbox; null: there was none. */
  readonly effects: EffectCounts | null;
  /** The longest time from a fault to the next handled event; null: there was none, and something was lost. */
  readonly worstRecoveryMs: number | null;
  /** The longest time between two handled events, from the first fault on. */
  readonly longestPauseMs: number;
  /** The longest time for which the broker was unreachable. */
  readonly worstOutageMs: number;
  readonly slowestSendMs: number;
  readonly durationMs: number;
  /** What the broker held at the end. */
  readonly left: BrokerStock;
  /** Processes that did not end well. */
  readonly badEnds: readonly string[];
  /** What should hold and did not, in sentences. */
  readonly broken: readonly string[];
}

/** What receivers did that use an inbox. */
export interface EffectCounts {
  /** Different events that had their effect. */
  readonly events: number;
  /** How many times too often. */
  readonly twice: number;
}

/** What lies among the dead letters of a group. */
export interface DeadLetterCounts {
  /** Different events. */
  readonly events: number;
  /** How many times too often an event lies there. */
  readonly twice: number;
  /** Events that should have been handled, or were. */
  readonly wrong: number;
  /** Events that should lie there and do not. */
  readonly missing: number;
}

/** The figures of a run as one line for people. */
export function figuresOf(result: RunResult): string {
  const count = (value: number) => value.toLocaleString('en');
  const { fault, scenario, bus, seed, accepted, faults, lost, duplicates, redelivered } = result;
  const { orderViolations, worstRedelivered, worstRecoveryMs, worstOutageMs, slowestSendMs, durationMs } =
    result;
  const further = [
    ...(result.rejected > 0 ? [`${count(result.rejected)} rejected`] : []),
    ...(result.deadLetters === null ? [] : [`${count(result.deadLetters.events)} dead letters`]),
    ...(result.effects === null ? [] : [`${count(result.effects.twice)} duplicate effects`]),
    ...(result.ghosts > 0 ? [`${count(result.ghosts)} ghosts`] : []),
  ];
  return [
    `${fault} ${scenario} on ${bus}: ${count(accepted)} events, ${faults} faults: ${count(lost)} lost`,
    ...further,
    ...(result.copies === undefined ? [] : [`${count(result.copies)} stored twice`]),
    ...(result.misplaced ? [`${count(result.misplaced)} not where their receipts say`] : []),
    ...(result.pauses === undefined ? [] : [pausesOf(result.pauses)]),
    `${count(duplicates)} duplicates`,
    ...(orderViolations === null ? [] : [`${count(orderViolations)} order violations`]),
    ...(worstOutageMs > 0
      ? [`broker away at most ${worstOutageMs} ms`]
      : [`${count(redelivered)} redelivered (max per kill ${worstRedelivered})`]),
    worstRecoveryMs === null
      ? 'never recovered'
      : `recovery at most ${worstRecoveryMs} ms, longest pause ${result.longestPauseMs} ms`,
    `slowest send ${slowestSendMs} ms`,
    `${(durationMs / 1_000).toFixed(1)} s, seed ${seed}`,
  ].join(', ');
}

function pausesOf({ affectedMs, othersMs, afterElectionMs }: PartitionPauses): string {
  const elected = afterElectionMs === undefined ? '' : ` (${afterElectionMs} ms after the election)`;
  return `partitions accept again after at most ${affectedMs} ms${elected}, unaffected ones after ${othersMs} ms`;
}
