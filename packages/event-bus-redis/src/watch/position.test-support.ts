import type { GroupPosition } from './group-position.js';

/** The position, as reported by Redis 7, of a group that has read all 100 entries of a stream; with differences. */
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

/** The same position, as reported by Redis 6.2. */
export function oldPositionOf(differences: Partial<GroupPosition> = {}): GroupPosition {
  return positionOf({
    entriesAdded: null,
    maxDeletedId: null,
    entriesRead: null,
    countsReads: false,
    ...differences,
  });
}
