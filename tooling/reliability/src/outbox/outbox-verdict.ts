import type { Publication } from './publication-log.js';
import type { CommittedEvent } from './truth.js';

/** What became of committed events. */
export interface OutboxVerdict {
  /** Events of committed transactions. */
  readonly committed: number;
  /** Different ones that were published. */
  readonly published: number;
  readonly lost: number;
  /** Published, and not committed. */
  readonly ghosts: number;
  /** How many times too often events were published: all, and the most after one fault. */
  readonly duplicates: number;
  readonly worstDuplicates: number;
  /** Events that were first published after a later one of their key. */
  readonly orderViolations: number;
}

/**
 * Compares what was committed with what was published.
 *
 * @param publications in the order of each key
 * @param faultsAt in milliseconds since 1970, in order; a duplicate counts for the last fault before it
 */
export function outboxVerdict(
  truth: readonly CommittedEvent[],
  publications: readonly Publication[],
  faultsAt: readonly number[],
): OutboxVerdict {
  const committed = new Map(truth.map((event) => [event.eventId, event]));
  const seen = new Set<string>();
  const lastOfKey = new Map<string, number>();
  const duplicatesAfter = new Map<number, number>();
  let ghosts = 0;
  let duplicates = 0;
  let orderViolations = 0;
  for (const { eventId, at } of publications) {
    const event = committed.get(eventId);
    if (event === undefined) {
      ghosts += 1;
    } else if (seen.has(eventId)) {
      duplicates += 1;
      const fault = faultsAt.findLastIndex((faultAt) => faultAt <= at);
      duplicatesAfter.set(fault, (duplicatesAfter.get(fault) ?? 0) + 1);
    } else {
      seen.add(eventId);
      const last = lastOfKey.get(event.key) ?? 0;
      if (event.sequence < last) orderViolations += 1;
      else lastOfKey.set(event.key, event.sequence);
    }
  }
  return {
    committed: truth.length,
    published: seen.size,
    lost: truth.length - seen.size,
    ghosts,
    duplicates,
    worstDuplicates: Math.max(0, ...duplicatesAfter.values()),
    orderViolations,
  };
}
