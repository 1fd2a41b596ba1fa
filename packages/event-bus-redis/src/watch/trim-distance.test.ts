import { describe, expect, it, vi } from 'vitest';
import type { GroupPosition } from './group-position.js';
import { oldPositionOf, positionOf } from './position.test-support.js';
import { type DistanceQuestion, trimDistance } from './trim-distance.js';

const full = (differences: Partial<GroupPosition> = {}) =>
  positionOf({
    length: 100,
    firstId: '901-0',
    lastGeneratedId: '1000-0',
    lastDeliveredId: '1000-0',
    entriesAdded: 1_000,
    entriesRead: 1_000,
    ...differences,
  });

/** Entries have the ids 1-0, 2-0 and so on; counting in front of one looks at what the stream holds. */
function ask(position: GroupPosition, more: Partial<DistanceQuestion> = {}) {
  const countInFront = vi.fn(async (id: string, isNeeded: boolean, limit: number) => {
    const inFront =
      Number.parseInt(id, 10) - Number.parseInt(position.firstId ?? '0', 10) + (isNeeded ? 0 : 1);
    return Math.min(limit, Math.max(0, inFront));
  });
  const question = { position, missed: 0, maxLength: 100, warnBelow: 20, samples: [], countInFront, ...more };
  return { countInFront, distance: trimDistance(question) };
}

describe('trimDistance', () => {
  it('is the whole length for a group that needs nothing', async () => {
    const { distance, countInFront } = ask(full());
    expect(await distance).toBe(100);
    expect(countInFront).not.toHaveBeenCalled();
  });

  it('is the number of entries that may be added before the oldest unread one is trimmed, where Redis counts', async () => {
    expect(await ask(full({ lastDeliveredId: '990-0', entriesRead: 990 })).distance).toBe(90);
    expect(await ask(full({ lastDeliveredId: '910-0', entriesRead: 910 })).distance).toBe(10);
    expect(await ask(full({ lastDeliveredId: '900-0', entriesRead: 900 })).distance).toBe(0);
    expect(await ask(full({ lastDeliveredId: '500-0', entriesRead: 500 })).distance).toBe(0);
  });

  it('respects the oldest pending entry, and counts where the result must be exact', async () => {
    const { distance, countInFront } = ask(full({ pending: 1, oldestPendingId: '906-0' }));
    expect(await distance).toBe(5);
    expect(countInFront).toHaveBeenCalledOnce();
    expect(await ask(full({ pending: 1, oldestPendingId: '899-0' })).distance).toBe(0);
  });

  it('counts no entry when what was added since an earlier look shows that there is room', async () => {
    const samples = [{ id: '980-0', added: 980 }];
    const { distance, countInFront } = ask(full({ pending: 1, oldestPendingId: '995-0' }), { samples });
    expect(await distance).toBe(80);
    expect(countInFront).not.toHaveBeenCalled();
  });

  it('counts no entry of a stream that is far from full', async () => {
    const position = full({ length: 30, firstId: '971-0', pending: 1, oldestPendingId: '971-0' });
    const { distance, countInFront } = ask(position);
    expect(await distance).toBe(70);
    expect(countInFront).not.toHaveBeenCalled();
  });

  it('is found by counting on Redis 6.2', async () => {
    const old = (id: string) =>
      ask(oldPositionOf({ ...full(), entriesAdded: null, entriesRead: null, lastDeliveredId: id })).distance;
    expect(await old('910-0')).toBe(10);
    expect(await old('990-0')).toBeGreaterThanOrEqual(20);
  });

  it('is unknown where the stream is not trimmed to that length', async () => {
    expect(
      await ask(full({ length: 900, firstId: '101-0', lastDeliveredId: '101-0', entriesRead: 101 })).distance,
    ).toBeNull();
    expect(await ask(full(), { maxLength: Number.POSITIVE_INFINITY }).distance).toBeNull();
  });
});
