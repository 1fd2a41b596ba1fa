import type { OutboxEntry } from '../store/outbox-entry.js';
import type { PublishedPage } from '../store/outbox-store.js';
import { entriesWhere } from './entries-where.js';
import type { ParkedSource } from './read-parked.js';

/** Which kept entries are deleted. */
export interface PurgeAction {
  /** Only those that were published longer ago than this. */
  readonly olderThanMs: number;
  /** Only counts them. @defaultValue false */
  readonly dryRun?: boolean;
  /** Only entries for which it returns true, such as those of one person. Each is read. @defaultValue all of that age */
  readonly where?: ((entry: OutboxEntry) => boolean | Promise<boolean>) | undefined;
  /** Ends it early, after a page. @defaultValue none */
  readonly abortSignal?: AbortSignal | undefined;
}

/** Reads kept entries in pages, and deletes those for which `where` holds. @returns how many */
export async function purgeWhere(
  { database, store }: ParkedSource,
  { olderThanMs, dryRun = false, where, abortSignal }: PurgeAction,
): Promise<number> {
  let after: PublishedPage['after'] | undefined = { topic: '', position: 0n, eventId: NO_ID };
  let purged = 0;
  while (after !== undefined && abortSignal?.aborted !== true) {
    const page = await store.readPublished(database, { after, olderThanMs, ...PAGE });
    const found = await entriesWhere(page, where);
    if (dryRun) purged += found.length;
    else
      for (const topic of new Set(found.map((entry) => entry.topic)))
        purged += await store.discardPublished(
          database,
          topic,
          found.filter((entry) => entry.topic === topic),
        );
    after = page.at(-1);
  }
  return purged;
}

const NO_ID = '00000000-0000-0000-0000-000000000000';
const PAGE = { maxRows: 100, maxBytes: 4 * 1024 * 1024 };
