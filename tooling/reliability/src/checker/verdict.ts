import type { Moment } from '../journal/journal-line.js';
import type { Entry, EventFate, Ledger } from './ledger.js';

/** What the journals of a run add up to. */
export interface Verdict {
  readonly offered: number;
  /** The bus gave its word that it has them. */
  readonly accepted: number;
  readonly rejected: number;
  /** Different events whose receivers came to their end. */
  readonly handled: number;
  /** Accepted, finished by no receiver, and no dead letter. */
  readonly lost: number;
  /** Handled, and never sent, or not as they were sent. */
  readonly ghosts: number;
  /** How many times too often a receiver finished. */
  readonly duplicates: number;
  /** Events that a process which was killed had taken up, and that were taken up again after it: by process. */
  readonly redeliveredAfter: ReadonlyMap<string, number>;
  /** Taken up again although the process that had them before was not killed. */
  readonly redeliveredOtherwise: number;
  /** Events of a key that were first finished after a later one of the same key. */
  readonly orderViolations: number;
  /** For each fault, how long nothing was finished after it; undefined: nothing ever was. */
  readonly recoveryMs: readonly (number | undefined)[];
  /** The longest time between two finished events, from the first fault on where there are faults. */
  readonly longestPauseMs: number;
  readonly slowestSendMs: number;
}

/** Reads the books when everything is over. */
export function verdictOf(
  ledger: Ledger,
  {
    killed,
    faultsAt,
    deadLetters = new Set(),
  }: {
    /** The processes that were ended by SIGKILL, and when. */
    readonly killed: ReadonlyMap<string, Moment>;
    readonly faultsAt: readonly Moment[];
    /** Events that lie among the dead letters. */
    readonly deadLetters?: ReadonlySet<string>;
  },
): Verdict {
  const fates = [...ledger.fates.values()];
  const isLost = ([eventId, { state, finishes }]: readonly [string, EventFate]) =>
    state === 'accepted' && finishes === 0 && !deadLetters.has(eventId);
  const { afterKill, otherwise } = redeliveries(fates, killed);
  const { offered, accepted, rejected, handled, slowestSendMs } = ledger;
  return {
    offered,
    accepted,
    rejected,
    handled,
    lost: [...ledger.fates].filter(isLost).length,
    ghosts: fates.filter(isGhost).length,
    duplicates: fates.reduce((sum, { finishes }) => sum + Math.max(0, finishes - 1), 0),
    redeliveredAfter: afterKill,
    redeliveredOtherwise: otherwise,
    orderViolations: orderViolations(fates),
    recoveryMs: recoveries(ledger.finishedAt, faultsAt),
    longestPauseMs: longestPause(ledger.finishedAt, faultsAt[0] ?? Number.NEGATIVE_INFINITY),
    slowestSendMs,
  };
}

function isGhost({ sent, received }: EventFate): boolean {
  return received !== undefined && (sent?.key !== received.key || sent.sequence !== received.sequence);
}

/** How often an event was taken up again: after the process that had it before was killed, by process, or otherwise. */
function redeliveries(
  fates: readonly EventFate[],
  killed: ReadonlyMap<string, Moment>,
): { readonly afterKill: ReadonlyMap<string, number>; readonly otherwise: number } {
  const afterKill = new Map<string, number>();
  let otherwise = 0;
  for (const { entries } of fates) {
    if (entries.length < 2) continue;
    const inTime = [...entries].sort((one, other) => one.at - other.at);
    for (const [index, { at }] of inTime.slice(1).entries()) {
      const { life } = inTime[index] as Entry; // the one before it
      if (at >= (killed.get(life) ?? Number.POSITIVE_INFINITY)) {
        afterKill.set(life, (afterKill.get(life) ?? 0) + 1);
      } else otherwise += 1;
    }
  }
  return { afterKill, otherwise };
}

function orderViolations(fates: readonly EventFate[]): number {
  const byKey = new Map<string, { readonly at: Moment; readonly sequence: number }[]>();
  for (const { received, firstFinishedAt: at } of fates) {
    if (received === undefined || at === undefined) continue;
    const { key, sequence } = received;
    const finished = byKey.get(key);
    if (finished === undefined) byKey.set(key, [{ at, sequence }]);
    else finished.push({ at, sequence });
  }
  let violations = 0;
  for (const finished of byKey.values()) {
    finished.sort((one, other) => one.at - other.at);
    let latest = Number.NEGATIVE_INFINITY;
    for (const { sequence } of finished) {
      if (sequence < latest) violations += 1;
      else latest = sequence;
    }
  }
  return violations;
}

function recoveries(
  finishedAt: readonly Moment[],
  faultsAt: readonly Moment[],
): readonly (number | undefined)[] {
  const inTime = [...finishedAt].sort((one, other) => one - other);
  let next = 0;
  return [...faultsAt]
    .sort((one, other) => one - other)
    .map((faultAt) => {
      while (next < inTime.length && (inTime[next] as Moment) <= faultAt) next += 1;
      const at = inTime[next];
      return at === undefined ? undefined : at - faultAt;
    });
}

function longestPause(finishedAt: readonly Moment[], from: Moment): number {
  const inTime = finishedAt.filter((at) => at > from).sort((one, other) => one - other);
  return inTime.reduce((longest, at, index) => Math.max(longest, at - (inTime[index - 1] ?? at)), 0);
}
