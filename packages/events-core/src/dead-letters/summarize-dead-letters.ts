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
  /** When the first and the last of them died, in milliseconds since 1970; null when there are none, or no telling. */
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
  const codes = new Map<string | null, number>();
  const eventTypes = new Map<string | null, number>();
  let [count, redriven, unfit, oldest, newest] = [0, 0, 0, Infinity, -Infinity];
  for await (const letter of readDeadLetters(store, queue, filter)) {
    count += 1;
    if (letter.redrives > 0) redriven += 1;
    if (letter.unfit !== undefined) unfit += 1;
    countUp(codes, letter.facts?.code ?? null);
    countUp(eventTypes, letter.eventType);
    const diedAt = letter.facts?.lastFailure.getTime() ?? letter.storedAt;
    if (diedAt === null) continue;
    oldest = Math.min(oldest, diedAt);
    newest = Math.max(newest, diedAt);
  }
  return {
    count,
    codes: mostFrequentFirst(codes),
    eventTypes: mostFrequentFirst(eventTypes),
    oldest: Number.isFinite(oldest) ? oldest : null,
    newest: Number.isFinite(newest) ? newest : null,
    redriven,
    unfit,
  };
}

/** Names are in headers, which anybody may have written. */
function countUp(counts: Map<string | null, number>, name: string | null): void {
  const cut = name !== null && name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
  const counted = counts.has(cut) || counts.size < MAX_NAMES ? cut : OTHERS;
  counts.set(counted, (counts.get(counted) ?? 0) + 1);
}

const MAX_NAME_LENGTH = 200;
const MAX_NAMES = 1_000;
const OTHERS = '(others)';

function mostFrequentFirst(counts: ReadonlyMap<string | null, number>) {
  return [...counts].sort(([, a], [, b]) => b - a);
}
