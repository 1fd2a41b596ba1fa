import { compareEntryIds } from '../stream/entry-id.js';
import { type GroupPosition, isBehindFirst, unreadEntries } from './group-position.js';

/** What is remembered of a group between two looks, to find out what was lost since. */
export interface LossMemory {
  /** Number of entries that were trimmed before they were delivered to the group; undefined where Redis does not count. */
  readonly missed: number | undefined;
  /** The oldest unread entry. */
  readonly nextId: string | undefined;
}

/** What a look has shown; `lost` is undefined when nothing was lost since the last look. */
export interface LossFinding {
  readonly lost: { readonly count: number | null } | undefined;
  readonly memory: LossMemory;
}

/** What a look is compared with. */
export interface LossQuestion {
  /** The oldest unread entry. */
  readonly nextId: string | undefined;
  /** Whether the last look was on the same connection: otherwise the count of Redis may not be comparable. */
  readonly isContinuous: boolean;
  readonly maxLength: number;
}

/**
 * Finds out whether entries were deleted before they were delivered to the group. Where Redis counts (version 7 and
 * later), by the numbers of entries added, read and left; otherwise, and when Redis may have restarted, by the oldest
 * unread entry of the last look. Where Redis does not count, at the first look by a full stream that holds only unread
 * entries.
 */
export function lostEntries(
  before: LossMemory | undefined,
  now: GroupPosition,
  { nextId, isContinuous, maxLength }: LossQuestion,
): LossFinding {
  const missed = missedEntries(now);
  if (before !== undefined && !isContinuous)
    return { memory: { missed, nextId }, lost: isGone(before.nextId, now) ? { count: null } : undefined };
  const memory = { missed: missed ?? before?.missed, nextId };
  if (missed !== undefined && (before === undefined || before.missed !== undefined)) {
    // Entries that were missed before the first look are not reported, unless they come next for the group.
    const known = before?.missed ?? (isBehindFirst(now) ? 0 : missed);
    return { memory, lost: missed > known ? { count: missed - known } : undefined };
  }
  const isLost = before === undefined ? isOverrun(now, maxLength) : isGone(before.nextId, now);
  return { memory, lost: isLost ? { count: null } : undefined };
}

/** Undefined where Redis does not count. Trimming does not change the numbers of entries added and read. */
function missedEntries(now: GroupPosition): number | undefined {
  const { entriesAdded, entriesRead, length } = now;
  if (entriesAdded === length) return 0; // nothing was ever deleted
  const unread = unreadEntries(now);
  if (entriesAdded === null || entriesRead === null || unread === null) return undefined;
  return Math.max(0, entriesAdded - entriesRead - unread);
}

function isGone(nextId: string | undefined, { firstId, lastDeliveredId }: GroupPosition): boolean {
  if (nextId === undefined || compareEntryIds(lastDeliveredId, nextId) >= 0) return false;
  return firstId === undefined || compareEntryIds(firstId, nextId) > 0;
}

/** Trimming by length never leaves fewer entries than the length, so only a full stream can have lost some. */
function isOverrun(now: GroupPosition, maxLength: number): boolean {
  return now.length >= maxLength && isEntry(now.lastDeliveredId) && isBehindFirst(now);
}

/** Whether an id may be that of an entry, and not one at which a group was created. */
function isEntry(id: string): boolean {
  return !id.startsWith('0-') && !id.endsWith('-18446744073709551615');
}
