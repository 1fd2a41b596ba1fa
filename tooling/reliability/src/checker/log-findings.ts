import type { Ledger } from './ledger.js';

/** What is wrong with the log of a broker, read back by position. */
export interface LogFindings {
  /** How many times too often events lie in it. */
  readonly copies: number;
  /** Accepted events that do not lie at the position of their receipt, or nowhere where the receipt names none. */
  readonly misplaced: number;
}

/**
 * Compares the log of a topic with the receipts of its producers.
 *
 * @param log ids of events by position, `<partition>:<offset>`
 */
export function logFindings(ledger: Ledger, log: ReadonlyMap<string, string>): LogFindings {
  const ids = new Set(log.values());
  const isAtItsPlace = (eventId: string, position: string) =>
    position.endsWith(':-1') ? ids.has(eventId) : log.get(position) === eventId;
  const misplaced = [...ledger.fates].filter(
    ([eventId, { position }]) => position !== undefined && !isAtItsPlace(eventId, position),
  );
  return { copies: log.size - ids.size, misplaced: misplaced.length };
}
