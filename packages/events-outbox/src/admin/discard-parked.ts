import { runtime } from '@openedx-ts/events-core/bus';
import type { ParkedAction } from './parked-action.js';
import { type ParkedSource, readParkedPages } from './read-parked.js';

/** The outcome of discarding. */
export interface DiscardReport {
  /** Deleted; in a dry run, would be. */
  readonly discarded: number;
  readonly isDryRun: boolean;
}

/** See `OutboxAdmin.discard`. */
export async function discardParked(
  source: ParkedSource,
  { dryRun = false, abortSignal, all: _all, ...filter }: ParkedAction,
): Promise<DiscardReport> {
  const { database, store } = source;
  let discarded = 0;
  for await (const { topic, rows } of readParkedPages(source, filter)) {
    if (abortSignal?.aborted) break;
    if (dryRun) {
      discarded += rows.length;
      continue;
    }
    discarded += await store.discard(database, topic, rows);
    for (const { eventType, eventId, code } of rows)
      runtime().logger.info({ topic, eventType, eventId, code }, 'a parked event was discarded');
  }
  return { discarded, isDryRun: dryRun };
}
