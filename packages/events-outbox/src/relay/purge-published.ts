import { purgeInPages } from '../store/purge-in-pages.js';
import type { RelayContext } from './relay-context.js';

/** Deletes kept entries that were published longer ago than `keepPublishedMs`, in pages, until none is left or the signal fires. */
export async function purgePublished(
  { database, store, options }: RelayContext,
  abortSignal: AbortSignal,
): Promise<void> {
  const { keepPublishedMs: olderThanMs } = options;
  if (olderThanMs === 0 || olderThanMs === Number.POSITIVE_INFINITY) return;
  const purgePage = (maxRows: number) =>
    database.run('purge published entries', (db) => store.purgePublished(db, { olderThanMs, maxRows }));
  await purgeInPages(purgePage, abortSignal);
}
