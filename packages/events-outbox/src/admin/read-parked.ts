import type { SqlDatabase } from '@openedx-ts/events-sql';
import type { OutboxStore } from '../store/outbox-store.js';
import type { ParkedRow } from '../store/parked-row.js';
import { isSelected, type ParkedFilter } from './parked-filter.js';

/** Where the parked entries are. */
export interface ParkedSource {
  readonly database: SqlDatabase<unknown>;
  readonly store: OutboxStore;
}

/** Yields the selected entries in pages, by topic and position. Entries that are parked during the run are left out. */
export async function* readParkedPages(
  { database, store }: ParkedSource,
  filter: ParkedFilter,
): AsyncGenerator<{ readonly topic: string; readonly rows: readonly ParkedRow[] }> {
  const { topics } = await store.status(database, { countUpTo: 1 });
  for (const { topic, parked } of topics) {
    if (filter.topic !== undefined && topic !== filter.topic) continue;
    let after = filter.position === undefined ? 0n : filter.position - 1n;
    let afterEventId: string | undefined;
    for (let left = parked; left > 0; ) {
      const maxRows = Math.min(PAGE_ROWS, left);
      const start = { topic, after, afterEventId };
      const page = await store.readParked(database, { ...start, maxRows, maxBytes: PAGE_BYTES });
      const last = page.at(-1);
      if (last === undefined) break;
      const rows = page.filter((row) => isSelected(row, filter));
      if (rows.length > 0) yield { topic, rows };
      if (filter.position !== undefined && last.position > filter.position) break;
      after = last.position;
      afterEventId = last.eventId;
      left -= page.length;
    }
  }
}

const PAGE_ROWS = 100;
const PAGE_BYTES = 4 * 1024 * 1024;
