import { compareEntryIds } from '../stream/entry-id.js';
import type { GroupPosition } from './group-position.js';

/** What is known of a group from the last look at it. */
export interface MoveMemory {
  readonly position: GroupPosition;
  /** The newest entry that was delivered to this member before this look. */
  readonly newestOwnId: string;
  /** The newest entry that may have been delivered to another member. */
  readonly foreignId: string;
  /** Whether the last look was on the same connection: otherwise Redis may have restarted, or another one replies. */
  readonly isContinuous: boolean;
  /** Whether this member is the only one of the group, now and at the last look, and knows what was delivered by then. */
  readonly isAlone: boolean;
  /** Number of entries delivered to this member since the last look. */
  readonly ownReads: number;
  /** Number of entries that were trimmed before they were delivered to the group, as known at the last look. */
  readonly missed: number;
}

/** A group was moved, as by `XGROUP SETID`. */
export interface GroupMove {
  readonly from: string;
  readonly to: string;
  /** Number of unread entries that were skipped; 0 when the group was moved back, null when unknown. */
  readonly skipped: number | null;
}

/**
 * Finds out whether somebody has moved a group since the last look. Members that read change its position, too, so:
 * - a smaller position is always a move;
 * - a greater one is a move when Redis does not know `entriesRead` any more (version 7 and later), unless deleted entries
 *   or a restart explain that: before version 7.2.4 Redis forgets the number when it restarts or a replica is promoted;
 * - otherwise a greater position is a move only when this is the only member and the entries up to there were not delivered
 *   to it.
 */
export function groupMove(memory: MoveMemory, now: GroupPosition): GroupMove | undefined {
  const { position: before, newestOwnId } = memory;
  const from = newest(before.lastDeliveredId, newestOwnId);
  const to = now.lastDeliveredId;
  if (compareEntryIds(to, from) < 0) return { from, to, skipped: 0 };
  if (memory.isContinuous && now.countsReads) {
    const isUncounted = before.entriesRead !== null && now.entriesRead === null;
    const isDeletion = compareEntryIds(now.maxDeletedId ?? '0-0', before.lastDeliveredId) > 0;
    if (isUncounted && !isDeletion && to !== before.lastDeliveredId)
      return { from, to, skipped: skippedEntries(memory, now) };
  }
  if (!memory.isAlone) return undefined;
  const known = newest(newestOwnId, memory.foreignId);
  if (compareEntryIds(before.lastDeliveredId, known) <= 0) return undefined;
  return { from: known, to: before.lastDeliveredId, skipped: null };
}

/** Other members may have read some of the entries in between, so only a member that is alone can count them. */
function skippedEntries(memory: MoveMemory, now: GroupPosition): number | null {
  const { position: before, isAlone, ownReads, missed } = memory;
  const isAtEnd = compareEntryIds(now.lastDeliveredId, now.lastGeneratedId) >= 0;
  if (!isAtEnd || !isAlone || now.entriesAdded === null || before.entriesRead === null) return null;
  return Math.max(0, now.entriesAdded - before.entriesRead - missed - ownReads);
}

function newest(a: string, b: string): string {
  return compareEntryIds(a, b) >= 0 ? a : b;
}
