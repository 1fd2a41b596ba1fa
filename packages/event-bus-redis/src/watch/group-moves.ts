import { compareEntryIds } from '../admin/entry-id.js';
import type { GroupPosition } from './group-position.js';

/** What is known of a group when it is looked at again. */
export interface MoveMemory {
  readonly position: GroupPosition;
  /** The newest entry that this member got before this look. */
  readonly newestOwnId: string;
  /** Whether this member is the only one, and was at the last look. */
  readonly isAlone: boolean;
  /** Entries that this member got since the last look. */
  readonly ownReads: number;
  /** Entries that were gone before the group got them, as known at the last look. */
  readonly missed: number;
}

/** A group that somebody moved, as `XGROUP SETID` does. */
export interface GroupMove {
  readonly from: string;
  readonly to: string;
  /** Unread entries that were jumped over; 0 when it was moved back, null when nobody can tell. */
  readonly skipped: number | null;
}

/**
 * Tells whether somebody has moved a group since the last look. Members that read move it forward, too, so:
 * - back is always a move;
 * - forward is one when Redis has lost count of what the group read (version 7 and later), unless deleted entries on the
 *   way explain that;
 * - where Redis does not count, forward is one only when this is the only member and it never got there.
 */
export function groupMove(memory: MoveMemory, now: GroupPosition): GroupMove | undefined {
  const { position: before, newestOwnId } = memory;
  const from = newest(before.lastDeliveredId, newestOwnId);
  const to = now.lastDeliveredId;
  if (compareEntryIds(to, from) < 0) return { from, to, skipped: 0 };
  if (now.countsReads) {
    const isUncounted = before.entriesRead !== null && now.entriesRead === null;
    const isDeletion = compareEntryIds(now.maxDeletedId ?? '0-0', before.lastDeliveredId) > 0;
    if (!isUncounted || isDeletion || to === before.lastDeliveredId) return undefined;
    return { from, to, skipped: skippedEntries(memory, now) };
  }
  // A reply with these entries may have been on its way when they were seen; by now it has arrived.
  if (!memory.isAlone) return undefined;
  if (compareEntryIds(before.lastDeliveredId, newestOwnId) <= 0) return undefined;
  return { from: newestOwnId, to: before.lastDeliveredId, skipped: null };
}

/** Others may have read some of what lies between, so only a member that is alone can tell. */
function skippedEntries(memory: MoveMemory, now: GroupPosition): number | null {
  const { position: before, isAlone, ownReads, missed } = memory;
  const isAtEnd = compareEntryIds(now.lastDeliveredId, now.lastGeneratedId) >= 0;
  if (!isAtEnd || !isAlone || now.entriesAdded === null || before.entriesRead === null) return null;
  return Math.max(0, now.entriesAdded - before.entriesRead - missed - ownReads);
}

function newest(a: string, b: string): string {
  return compareEntryIds(a, b) >= 0 ? a : b;
}
