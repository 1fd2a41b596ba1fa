import type { GroupPosition } from './group-position.js';

/** A group that has read all 100 entries of a stream, as Redis 7 tells it, with what differs. */
export function positionOf(differences: Partial<GroupPosition> = {}): GroupPosition {
  return {
    length: 100,
    firstId: '1-0',
    lastGeneratedId: '100-0',
    entriesAdded: 100,
    maxDeletedId: '0-0',
    lastDeliveredId: '100-0',
    entriesRead: 100,
    countsReads: true,
    pending: 0,
    oldestPendingId: undefined,
    consumers: 1,
    ...differences,
  };
}

/** The same as Redis 6.2 tells it. */
export function oldPositionOf(differences: Partial<GroupPosition> = {}): GroupPosition {
  return positionOf({
    entriesAdded: null,
    maxDeletedId: null,
    entriesRead: null,
    countsReads: false,
    ...differences,
  });
}
