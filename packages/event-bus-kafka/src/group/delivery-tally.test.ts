import { describe, expect, it } from 'vitest';
import type { DeliveryCounts } from './commit-metadata.js';
import { DeliveryTally } from './delivery-tally.js';

const tallyAt = (committed: number, before?: DeliveryCounts) => {
  const tally = new DeliveryTally({ committed, before, ackEvery: 3 });
  tally.noteFirst(committed);
  return tally;
};
const counts = (deliveries: number, through: number): DeliveryCounts => ({ deliveries, through });

describe('DeliveryTally', () => {
  it('covers the events that may be in flight: as many as are acknowledged together', () => {
    const tally = tallyAt(10);
    expect(tally.countsAt(10, [])).toBeUndefined();
    expect(tally.countsAt(10, [10, 11])).toStrictEqual(counts(1, 11));
    expect(tally.countsAt(10, [10, 11, 15, 16, 17])).toStrictEqual(counts(1, 15)); // 12 to 14 were compacted away
    expect(tally.countsAt(15, [15])).toStrictEqual(counts(1, 15));
  });

  it('continues the count of the commit, up to two deliveries', () => {
    const tally = tallyAt(10, counts(1, 11));
    expect([10, 11, 12].map((offset) => tally.deliveryCount(offset))).toStrictEqual([2, 2, 1]);
    expect(tally.countsAt(10, [10, 11, 12, 13])).toStrictEqual(counts(2, 12));
    expect(tally.countsAt(12, [12, 13])).toStrictEqual(counts(1, 13)); // progress beyond the events that were counted before
  });

  it('counts a third delivery only while the event is processed exclusively', () => {
    const tally = tallyAt(10, counts(2, 13));
    expect(tally.countsAt(10, [10, 11, 12])).toStrictEqual(counts(2, 13));
    expect(tally.countExclusive(10, true)).toBe(true);
    expect(tally.countsAt(10, [10, 11, 12])).toStrictEqual(counts(3, 13));
    expect(tally.countsAt(11, [11, 12])).toStrictEqual(counts(2, 13)); // the first is acknowledged
    expect(tally.countExclusive(11, true)).toBe(true);
    expect(tally.countExclusive(11, true)).toBe(false);
    expect(tally.countsAt(11, [11, 12])).toStrictEqual(counts(3, 13));
    expect(tally.countExclusive(11, false)).toBe(true);
    expect(tally.countExclusive(11, false)).toBe(false);
    expect(tally.countsAt(11, [11, 12])).toStrictEqual(counts(2, 13));
    expect(tally.countsAt(14, [14])).toStrictEqual(counts(1, 14));
  });

  it('counts the first event behind the committed offset, where none has that offset itself', () => {
    const tally = new DeliveryTally({ committed: 10, before: counts(5, 14), ackEvery: 3 });
    tally.noteFirst(12); // 10 and 11 are markers of transactions
    expect([12, 13].map((offset) => tally.deliveryCount(offset))).toStrictEqual([6, 3]);
  });

  it('blames no later event when the counted one is gone', () => {
    const tally = new DeliveryTally({ committed: 10, before: counts(5, 14), ackEvery: 3 });
    expect([12, 13].map((offset) => tally.deliveryCount(offset))).toStrictEqual([3, 3]);
  });

  it('writes the counts from before when a partition is released gracefully', () => {
    const tally = tallyAt(10, counts(2, 13));
    tally.countExclusive(10, true);
    expect(tally.countsAt(10, [10])).toStrictEqual(counts(3, 13));
    tally.end();
    expect(tally.countsAt(10, [10])).toStrictEqual(counts(2, 13));
    expect(tally.countsAt(11, [11])).toStrictEqual(counts(2, 13));
    expect(tally.countsAt(14, [14])).toBeUndefined();
  });

  it.each([3, 10])(
    'dead-letters two adjacent events that crash, and no other, with maxDeliveries %i',
    (maxDeliveries) => {
      const { deadLettered, processed, crashes } = crashRun(maxDeliveries, new Set([2, 3]), 8);
      expect(deadLettered).toStrictEqual([2, 3]);
      expect(processed).toStrictEqual([0, 1, 4, 5, 6, 7]);
      expect(crashes).toBe(maxDeliveries + (maxDeliveries - 2)); // the second starts with two deliveries of the first
    },
  );
});

/** A partition from offset 0 on, whose process dies with each event that crashes and starts again. */
function crashRun(maxDeliveries: number, crashing: ReadonlySet<number>, end: number) {
  const deadLettered: number[] = [];
  const processed = new Set<number>();
  let [committed, before, crashes] = [0, undefined as DeliveryCounts | undefined, 0];
  const life = () => {
    const tally = new DeliveryTally({ committed, before, ackEvery: 100 });
    const inFlight = Array.from({ length: end - committed }, (_, index) => committed + index);
    tally.noteFirst(committed);
    const commit = () => {
      committed = inFlight[0] ?? end;
      before = tally.countsAt(committed, inFlight);
    };
    if (!tally.isExclusive(committed)) commit();
    for (let offset = inFlight[0]; offset !== undefined; offset = inFlight[0]) {
      const count = tally.deliveryCount(offset);
      if (count > maxDeliveries) deadLettered.push(offset);
      else {
        if (tally.isExclusive(offset) && tally.countExclusive(offset, true)) commit();
        if (crashing.has(offset)) return false;
        processed.add(offset);
      }
      inFlight.shift();
      if (tally.isExclusive(offset)) commit(); // others are acknowledged in groups, which a crash prevents
    }
    commit();
    return true;
  };
  while (!life()) crashes += 1;
  return { deadLettered, processed: [...processed], crashes };
}
