import type { RelayContext } from './relay-context.js';

/** Deletes kept entries that were published longer ago than `keepPublishedMs`, in pages, until none is left or the signal fires. */
export async function purgePublished(
  { database, store, options }: RelayContext,
  abortSignal: AbortSignal,
): Promise<void> {
  const { keepPublishedMs: olderThanMs } = options;
  if (olderThanMs === 0 || olderThanMs === Number.POSITIVE_INFINITY) return;
  let purged = PAGE_ROWS;
  while (purged === PAGE_ROWS && !abortSignal.aborted) {
    purged = await database.run('purge published entries', (db) =>
      store.purgePublished(db, { olderThanMs, maxRows: PAGE_ROWS }),
    );
  }
}

const PAGE_ROWS = 1_000;
