import { runtime } from '@openedx-ts/events-core/bus';
import type { RedrivenEntry } from '../store/redriven-entry.js';
import type { ParkedAction } from './parked-action.js';
import { type ParkedSource, readParkedPages } from './read-parked.js';

/** The outcome of a redrive. */
export interface ParkedRedriveReport {
  /** Pending again; in a dry run, would be. */
  readonly redriven: number;
  /** The first hundred of them, and what they come after; none in a dry run. */
  readonly entries: readonly RedrivenEntry[];
  readonly isDryRun: boolean;
}

/** See `OutboxAdmin.redrive`. */
export async function redriveParked(
  source: ParkedSource,
  { dryRun = false, abortSignal, all: _all, ...filter }: ParkedAction,
): Promise<ParkedRedriveReport> {
  const { database, store } = source;
  const entries: RedrivenEntry[] = [];
  let redriven = 0;
  for await (const { topic, rows } of readParkedPages(source, filter)) {
    if (abortSignal?.aborted) break;
    if (dryRun) {
      redriven += rows.length;
      continue;
    }
    const positions = rows.map(({ position }) => position);
    const done = await database.transaction((_, executor) => store.redrive(executor, topic, positions));
    redriven += done.length;
    entries.push(...done.slice(0, MAX_REPORTED - entries.length));
    for (const { eventType, eventId, position } of done) {
      const facts = { topic, eventType, eventId, position: String(position) };
      runtime().logger.info(facts, 'a parked event is pending again');
    }
  }
  return { redriven, entries, isDryRun: dryRun };
}

const MAX_REPORTED = 100;
