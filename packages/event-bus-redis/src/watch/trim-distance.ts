import { compareEntryIds } from '../stream/entry-id.js';
import { type GroupPosition, unreadEntries } from './group-position.js';

/** The number of entries that had been added to a stream when an entry was the newest. */
export interface Sample {
  readonly id: string;
  readonly added: number;
}

/** What `trimDistance` is worked out from. */
export interface DistanceQuestion {
  readonly position: GroupPosition;
  /** Number of entries that were trimmed before they were delivered to the group. */
  readonly missed: number;
  readonly maxLength: number;
  /** Below this distance the result must be exact. */
  readonly warnBelow: number;
  /** Samples of earlier looks, oldest first. */
  readonly samples: readonly Sample[];
  /** Counts the entries before the oldest one that the group needs, up to a limit; undefined when that costs too much. */
  readonly countInFront: (neededId: string, isNeeded: boolean, limit: number) => Promise<number | undefined>;
}

/**
 * Works out how many entries may still be added before one is trimmed that the group has not read or not acknowledged: a
 * lower bound. Null where the stream is not trimmed to that length, or when unknown.
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
  const limit = Math.min(MAX_COUNTED, Math.ceil(warnBelow) + Math.max(0, length - maxLength) + 1);
  const neededId = oldestPendingId ?? lastDeliveredId;
  const inFront = await question.countInFront(neededId, oldestPendingId !== undefined, limit);
  if (inFront === undefined) return behind < length ? atLeast : null;
  if (inFront < limit) return Math.max(0, maxLength - (length - inFront));
  if (limit < MAX_COUNTED) return Math.max(atLeast, maxLength - (length - inFront));
  return behind < length ? atLeast : null;
}

/** Number of entries that were not delivered to the group; null where Redis does not report it. */
export function lagOf(position: GroupPosition, missed: number): number | null {
  const { entriesAdded, entriesRead } = position;
  const unread = unreadEntries(position);
  if (unread !== null) return unread;
  return entriesAdded === null || entriesRead === null
    ? null
    : Math.max(0, entriesAdded - entriesRead - missed);
}

/** Trimming with `~` leaves up to one node more than the length. */
const WHOLE_NODES = 200;

/** Maximum number of entries that are read to count them, which costs as much as consuming them. */
const MAX_COUNTED = 2_000;

/** Upper bound of the entries from the oldest needed one to the newest: all that were added since a sample before it. */
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
