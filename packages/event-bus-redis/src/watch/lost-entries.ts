import { compareEntryIds } from '../admin/entry-id.js';
import { type GroupPosition, isBehindFirst, unreadEntries } from './group-position.js';

/** What is remembered of a group between two looks, to tell what was lost since. */
export interface LossMemory {
  /** Entries that the group never got and that are gone, as far as Redis counts. */
  readonly missed: number | undefined;
  /** The oldest entry that the group has not got, where Redis does not count. */
  readonly nextId: string | undefined;
}

/** What a look has shown; `lost` is undefined when nothing was lost since the last. */
export interface LossFinding {
  readonly lost: { readonly count: number | null } | undefined;
  readonly memory: LossMemory;
}

/**
 * Tells whether entries were deleted before the group got them. Where Redis counts (version 7 and later), by what was
 * added, read and is still there; else by the oldest unread entry of the last look, and at the first look by a stream that
 * is full and holds only entries that the group has not got.
 *
 * @param nextId the oldest unread entry, where Redis does not count
 */
export function lostEntries(
  before: LossMemory | undefined,
  now: GroupPosition,
  nextId: string | undefined,
  maxLength: number,
): LossFinding {
  const missed = missedEntries(now);
  const memory = { missed: missed ?? before?.missed, nextId };
  if (missed !== undefined && (before === undefined || before.missed !== undefined)) {
    // What was missed before this process looked first is an old story, unless it is what comes next.
    const known = before?.missed ?? (isBehindFirst(now) ? 0 : missed);
    return { memory, lost: missed > known ? { count: missed - known } : undefined };
  }
  const isLost = before === undefined ? isOverrun(now, maxLength) : isGone(before.nextId, now);
  return { memory, lost: isLost ? { count: null } : undefined };
}

/** Undefined where Redis cannot tell. Trimming does not lower what was added, and does not raise what was read. */
function missedEntries(now: GroupPosition): number | undefined {
  const { entriesAdded, entriesRead } = now;
  const unread = unreadEntries(now);
  if (entriesAdded === null || entriesRead === null || unread === null) return undefined;
  return Math.max(0, entriesAdded - entriesRead - unread);
}

function isGone(nextId: string | undefined, { firstId, lastDeliveredId }: GroupPosition): boolean {
  if (nextId === undefined || compareEntryIds(lastDeliveredId, nextId) >= 0) return false;
  return firstId === undefined || compareEntryIds(firstId, nextId) > 0;
}

/** Trimming by length never leaves less than the length, so only a full stream can have lost something. */
function isOverrun(now: GroupPosition, maxLength: number): boolean {
  return now.length >= maxLength && isEntry(now.lastDeliveredId) && isBehindFirst(now);
}

/** Whether an id may be that of an entry, rather than one at which a group was begun. */
function isEntry(id: string): boolean {
  return !id.startsWith('0-') && !id.endsWith('-18446744073709551615');
}
