import type { DeadLetterCounts } from '../run-result.js';
import type { EventFate, Identity, Ledger } from './ledger.js';

/**
 * Holds what lies among the dead letters against what should.
 *
 * @param found ids of events, as often as they lie there
 * @param shouldDie returns whether an accepted event must become a dead letter
 */
export function deadLetterCounts(
  ledger: Ledger,
  found: readonly string[],
  shouldDie: (sent: Identity) => boolean,
): DeadLetterCounts {
  const different = new Set(found);
  const isDoomed = ({ sent, state }: EventFate) =>
    sent !== undefined && state === 'accepted' && shouldDie(sent);
  const isWrong = (eventId: string) => {
    const fate = ledger.fates.get(eventId);
    return fate === undefined || !isDoomed(fate) || fate.finishes > 0;
  };
  return {
    events: different.size,
    twice: found.length - different.size,
    wrong: [...different].filter(isWrong).length,
    missing: [...ledger.fates].filter(([eventId, fate]) => isDoomed(fate) && !different.has(eventId)).length,
  };
}
