import { compareEntryIds } from '../admin/entry-id.js';
import { type GroupPosition, unreadEntries } from './group-position.js';

/** How many entries had been added when one was the newest. */
export interface Sample {
  readonly id: string;
  readonly added: number;
}

export interface DistanceQuestion {
  readonly position: GroupPosition;
  /** Entries that were gone before the group got them. */
  readonly missed: number;
  readonly maxLength: number;
  /** Below this distance an answer has to be certain. */
  readonly warnBelow: number;
  /** Of earlier looks, oldest first. */
  readonly samples: readonly Sample[];
  /** Counts the entries in front of the oldest one that the group needs, up to a limit. */
  readonly countInFront: (neededId: string, isNeeded: boolean, limit: number) => Promise<number>;
}

/**
 * How many entries may still be added before the oldest one is trimmed that the group has not read or not acknowledged:
 * at least so many. Null where nobody trims at that length, or where it cannot be told.
 */
export async function trimDistance(question: DistanceQuestion): Promise<number | null> {
  const { position, maxLength, warnBelow, samples, missed } = question;
  const { length, firstId, lastDeliveredId, oldestPendingId } = position;
  if (length > maxLength * 1.1 + WHOLE_NODES || maxLength === Infinity) return null;
  const known = Math.min(length, lagOf(position, missed) ?? length);
  const sampled = Math.min(length, behindBySamples(position, samples));
  const behind = oldestPendingId === undefined ? Math.min(known, sampled) : sampled;
  const atLeast = Math.max(0, maxLength - behind);
  if (atLeast >= warnBelow || firstId === undefined || behind === 0) return atLeast;
  const limit = Math.min(MOST_COUNTED, Math.ceil(warnBelow) + Math.max(0, length - maxLength) + 1);
  const neededId = oldestPendingId ?? lastDeliveredId;
  const inFront = await question.countInFront(neededId, oldestPendingId !== undefined, limit);
  if (inFront < limit) return Math.max(0, maxLength - (length - inFront));
  if (limit < MOST_COUNTED) return Math.max(atLeast, maxLength - (length - inFront));
  return behind < length ? atLeast : null;
}

/** Entries that the group has not got; null where Redis cannot tell. */
export function lagOf(position: GroupPosition, missed: number): number | null {
  const { entriesAdded, entriesRead } = position;
  const unread = unreadEntries(position);
  if (unread !== null) return unread;
  return entriesAdded === null || entriesRead === null
    ? null
    : Math.max(0, entriesAdded - entriesRead - missed);
}

/** Trimming with `~` leaves up to a node more than the length. */
const WHOLE_NODES = 200;

/** Entries that are read to count them, at most: it costs as much as to consume them. */
const MOST_COUNTED = 2_000;

/** Entries from the oldest needed one to the newest, at most: everything added since a sample in front of it. */
function behindBySamples(position: GroupPosition, samples: readonly Sample[]): number {
  const { entriesAdded, oldestPendingId, lastDeliveredId } = position;
  if (entriesAdded === null) return Infinity;
  const isInFront = ({ id }: Sample) =>
    oldestPendingId === undefined
      ? compareEntryIds(id, lastDeliveredId) <= 0
      : compareEntryIds(id, oldestPendingId) < 0;
  const sample = samples.findLast(isInFront);
  return sample === undefined ? Infinity : entriesAdded - sample.added;
}
