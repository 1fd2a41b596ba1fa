import { describe, expect, it } from 'vitest';
import { DeliveryTally } from './delivery-tally.js';

const tallyAt = (committed: number, metadata: string | null = null, past?: DeliveryTally) => {
  const tally = new DeliveryTally({ committed, metadata, ackEvery: 3, maxDeliveries: 10 }, past);
  tally.noteFirst(committed);
  return tally;
};
const text = (deliveries: number, through: number) => `openedx/1 deliveries=${deliveries} through=${through}`;

describe('DeliveryTally', () => {
  it('covers the events that may be in flight: as many as are acknowledged together', () => {
    const tally = tallyAt(10);
    expect(tally.metadataAt(10, [])).toBeNull();
    expect(tally.metadataAt(10, [10, 11])).toBe(text(1, 11));
    expect(tally.metadataAt(10, [10, 11, 15, 16, 17])).toBe(text(1, 15)); // 12 to 14 were compacted away
    expect(tally.metadataAt(15, [15])).toBe(text(1, 15));
  });

  it('continues the count of the commit, up to two deliveries', () => {
    const tally = tallyAt(10, text(1, 11));
    expect([10, 11, 12].map((offset) => tally.deliveryCount(offset))).toStrictEqual([2, 2, 1]);
    expect(tally.metadataAt(10, [10, 11, 12, 13])).toBe(text(2, 12));
    expect(tally.metadataAt(12, [12, 13])).toBe(text(1, 13)); // progress beyond the events that were counted before
  });

  it('counts a third delivery only while the event is processed exclusively', () => {
    const tally = tallyAt(10, text(2, 13));
    expect(tally.metadataAt(10, [10, 11, 12])).toBe(text(2, 13));
    expect(tally.countExclusive(10, true)).toBe(true);
    expect(tally.metadataAt(10, [10, 11, 12])).toBe(text(3, 13));
    expect(tally.metadataAt(11, [11, 12])).toBe(text(2, 13)); // the first is acknowledged
    expect(tally.countExclusive(11, true)).toBe(true);
    expect(tally.countExclusive(11, true)).toBe(false);
    expect(tally.metadataAt(11, [11, 12])).toBe(text(3, 13));
    expect(tally.countExclusive(11, false)).toBe(true);
    expect(tally.countExclusive(11, false)).toBe(false);
    expect(tally.metadataAt(11, [11, 12])).toBe(text(2, 13));
    expect(tally.metadataAt(14, [14])).toBe(text(1, 14));
  });

  it('counts the first event behind the committed offset, where none has that offset itself', () => {
    const tally = new DeliveryTally({ committed: 10, metadata: text(5, 14), ackEvery: 3, maxDeliveries: 10 });
    tally.noteFirst(12); // 10 and 11 are markers of transactions
    expect([12, 13].map((offset) => tally.deliveryCount(offset))).toStrictEqual([6, 3]);
  });

  it('blames no later event when the counted one is gone', () => {
    const tally = new DeliveryTally({ committed: 10, metadata: text(5, 14), ackEvery: 3, maxDeliveries: 10 });
    expect([12, 13].map((offset) => tally.deliveryCount(offset))).toStrictEqual([3, 3]);
  });

  it('writes the text from before when a partition is released gracefully', () => {
    for (const metadata of [null, text(2, 13), 'what another client wrote']) {
      const idle = tallyAt(10, metadata);
      expect(idle.end(10)).toBe(false); // nothing was counted
      const tally = tallyAt(10, metadata);
      tally.countExclusive(10, true);
      tally.noteWritten(10, tally.metadataAt(10, [10]));
      expect(tally.end(10)).toBe(true);
      expect(tally.metadataAt(10, [10])).toBe(metadata);
    }
    const ahead = tallyAt(10, text(2, 13));
    ahead.countExclusive(11, true);
    ahead.noteWritten(11, ahead.metadataAt(11, [11]));
    expect(ahead.end(11)).toBe(true);
    expect(ahead.metadataAt(11, [11])).toBe(text(2, 13));
    ahead.noteWritten(11, text(2, 13));
    expect(ahead.end(11)).toBe(false);
  });

  it('does not take its own writing for that of a process that died', () => {
    const first = tallyAt(10, text(1, 10));
    first.noteWritten(10, first.metadataAt(10, [10]));
    const again = tallyAt(10, text(2, 10), first);
    expect(again.deliveryCount(10)).toBe(2);
    expect(again.metadataAt(10, [10])).toBe(text(2, 10));
    expect(again.metadataAt(10, [])).toBe(text(1, 10));
    first.noteWritten(11, null); // a commit whose answer was lost
    expect(tallyAt(10, text(2, 10), first).deliveryCount(10)).toBe(2);
    expect(tallyAt(10, text(3, 10), first).deliveryCount(10)).toBe(4); // another process has counted it
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
  let [committed, metadata, crashes] = [0, null as string | null, 0];
  const life = () => {
    const tally = new DeliveryTally({ committed, metadata, ackEvery: 100, maxDeliveries });
    const inFlight = Array.from({ length: end - committed }, (_, index) => committed + index);
    tally.noteFirst(committed);
    const commit = () => {
      committed = inFlight[0] ?? end;
      metadata = tally.metadataAt(committed, inFlight);
      tally.noteWritten(committed, metadata);
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
