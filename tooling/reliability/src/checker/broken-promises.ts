import type { BusUnderTest } from '../buses/bus-under-test.js';
import type { RunResult } from '../run-result.js';
import type { Scenario } from '../scenario.js';

/** The part of a result that promises are about. */
export type Promised = Omit<RunResult, 'broken'>;

/**
 * What holds on every bus whatever is done to it, or because nothing bad was, and did not hold in this run: sentences,
 * none when all is well.
 */
export function brokenPromises(
  result: Promised,
  {
    takesUpOnce = false,
    handlesOnce = takesUpOnce,
    hasEffectOnce = false,
    isPlanned = false,
  }: Pick<Scenario, 'takesUpOnce' | 'handlesOnce' | 'hasEffectOnce' | 'isPlanned'> = {},
  {
    mayLoseUnreplicated = false,
    mayBeUnknown = false,
  }: Pick<BusUnderTest, 'mayLoseUnreplicated' | 'mayBeUnknown'> = {},
): readonly string[] {
  const { lost, ghosts, rejected, orderViolations, worstRecoveryMs, left, badEnds, deadLetters, effects } =
    result;
  const none = (found: number, what: string) => (found > 0 ? [`${found} ${what}`] : []);
  return [
    ...none(mayLoseUnreplicated && !isPlanned ? 0 : lost, 'events lost'),
    ...none(ghosts, 'ghosts'),
    ...none(mayBeUnknown && !isPlanned ? 0 : rejected, 'sends rejected'),
    ...none(result.copies ?? 0, 'events stored twice'),
    ...none(result.misplaced ?? 0, 'accepted events that are not at the position of their receipt'),
    ...none(orderViolations ?? 0, 'events out of order'),
    ...none(
      result.worstRedelivered > mostRedelivered ? result.worstRedelivered : 0,
      'redelivered for one kill',
    ),
    ...none(deadLetters?.twice ?? 0, 'dead letters too many'),
    ...none(deadLetters?.wrong ?? 0, 'dead letters of events that do not fail'),
    ...none(deadLetters?.missing ?? 0, 'failing events that are no dead letters'),
    ...none(handlesOnce ? result.duplicates : 0, 'events handled twice'),
    ...none(takesUpOnce ? result.redeliveredOtherwise : 0, 'events processed twice'),
    ...none(hasEffectOnce ? (effects?.twice ?? 0) : 0, 'duplicate effects'),
    ...none(
      Math.abs((effects?.events ?? result.handled) - result.handled),
      'effects without a handled event, or the other way',
    ),
    ...none(left.pending + left.unread, 'events left in the broker'),
    ...(worstRecoveryMs === null && !mayLoseUnreplicated ? ['nothing was handled after the last fault'] : []),
    ...badEnds,
  ];
}

/** `ackEvery` of the members. */
const mostRedelivered = 100;
