import { NameCounts } from '../operate/name-counts.js';
import type { TopicStore } from '../operate/topic-store.js';
import type { DeadLetterFilter } from './dead-letter-filter.js';
import type { DeadLetterQueue } from './dead-letter-queue.js';
import { readDeadLetters } from './read-dead-letters.js';

/** Counts of the dead letters on a topic. */
export interface DeadLetterSummary {
  readonly count: number;
  /**
   * How many of each code; `null` stands for what is no dead letter. The most frequent first. Names are cut to 200
   * characters; beyond a thousand of them, the others are counted together as `(others)`.
   */
  readonly codes: readonly (readonly [code: string | null, count: number])[];
  /** How many of each event type, named as the codes; `null` when no header gives it. The most frequent first. */
  readonly eventTypes: readonly (readonly [eventType: string | null, count: number])[];
  /** When the first and the last of them died, in milliseconds since 1970; null when there are none, or none has a time. */
  readonly oldest: number | null;
  readonly newest: number | null;
  /** How many were sent again before, and came back. */
  readonly redriven: number;
  /** How many cannot be sent again, because they are no dead letters of this topic and group. */
  readonly unfit: number;
}

/**
 * Counts dead letters.
 *
 * @throws InvalidOptionsError, InfrastructureError as `readDeadLetters` does
 */
export async function summarizeDeadLetters(
  store: TopicStore,
  queue: DeadLetterQueue,
  filter: DeadLetterFilter = {},
): Promise<DeadLetterSummary> {
  const codes = new NameCounts();
  const eventTypes = new NameCounts();
  let [count, redriven, unfit, oldest, newest] = [0, 0, 0, Infinity, -Infinity];
  for await (const letter of readDeadLetters(store, queue, filter)) {
    count += 1;
    if (letter.redrives > 0) redriven += 1;
    if (letter.unfit !== undefined) unfit += 1;
    codes.add(letter.facts?.code ?? null);
    eventTypes.add(letter.eventType);
    const diedAt = letter.facts?.lastFailure.getTime() ?? letter.storedAt;
    if (diedAt === null) continue;
    oldest = Math.min(oldest, diedAt);
    newest = Math.max(newest, diedAt);
  }
  return {
    count,
    codes: codes.all,
    eventTypes: eventTypes.all,
    oldest: Number.isFinite(oldest) ? oldest : null,
    newest: Number.isFinite(newest) ? newest : null,
    redriven,
    unfit,
  };
}
