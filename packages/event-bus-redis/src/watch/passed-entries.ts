import { compareEntryIds } from '../stream/entry-id.js';
import type { GroupPosition } from './group-position.js';

/** A position of a group that was read by this member alone. */
export interface OwnPosition {
  readonly position: GroupPosition;
  /** How many entries had been delivered to this member. */
  readonly delivered: number;
}

/**
 * Counts the trimmed entries that the only member of a group has passed. Since version 7.2.6 Redis counts them as read, so
 * nothing else shows them afterwards. Older versions count deliveries, and the result is 0.
 */
export function passedEntries(before: OwnPosition, now: OwnPosition): number {
  const from = before.position.entriesRead;
  const to = now.position.entriesRead;
  if (from === null || to === null) return 0;
  // Redis estimates the number when entries in between were deleted.
  const deletedId = now.position.maxDeletedId ?? '0-0';
  if (compareEntryIds(deletedId, before.position.lastDeliveredId) > 0) return 0;
  const passed = to - from - (now.delivered - before.delivered);
  const { entriesAdded, length } = now.position;
  // Only trimmed entries count: others were read by a member that came and left since.
  return Math.max(0, Math.min(passed, (entriesAdded ?? 0) - length - from));
}
