import { runtime } from '@openedx-ts/events-core/bus';
import type { OutboxEntry } from '../store/outbox-entry.js';
import { entriesWhere } from './entries-where.js';
import type { ParkedAction } from './parked-action.js';
import { type ParkedSource, readParkedPages } from './read-parked.js';

/** Which parked entries are deleted. */
export interface DiscardAction extends ParkedAction {
  /** Only entries for which it returns true, such as those of one person. @defaultValue all that are selected */
  readonly where?: ((entry: OutboxEntry) => boolean | Promise<boolean>) | undefined;
}

/** The outcome of discarding. */
export interface DiscardReport {
  /** Deleted; in a dry run, would be. */
  readonly discarded: number;
  readonly isDryRun: boolean;
}

/** See `OutboxAdmin.discard`. */
export async function discardParked(
  source: ParkedSource,
  { dryRun = false, abortSignal, all: _all, where, ...filter }: DiscardAction,
): Promise<DiscardReport> {
  const { database, store } = source;
  let discarded = 0;
  for await (const { topic, rows: read } of readParkedPages(source, filter)) {
    if (abortSignal?.aborted) break;
    const rows = await entriesWhere(read, where);
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
