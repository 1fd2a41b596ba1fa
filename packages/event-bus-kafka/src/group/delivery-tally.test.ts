import { describe, expect, it } from 'vitest';
import { DeliveryTally } from './delivery-tally.js';

const tallyAt = (committed: number, metadata: string | null = null, past?: DeliveryTally) =>
  new DeliveryTally({ committed, metadata, ackEvery: 3 }, past);

describe('DeliveryTally', () => {
  it('writes down what may be in the hands of receivers: no more than is acknowledged together', () => {
    const tally = tallyAt(10);
    expect(tally.metadataAt(10, [])).toBeNull();
    expect(tally.metadataAt(10, [10, 11])).toBe('begun/1 1+2');
    expect(tally.metadataAt(10, [10, 11, 15, 16, 17])).toBe('begun/1 1+6'); // 12 to 14 are gone
    expect(tally.metadataAt(15, [15])).toBe('begun/1 1+1');
  });

  it('counts on where the one before was', () => {
    const tally = tallyAt(10, 'begun/1 1+2');
    expect([10, 11, 12].map((offset) => tally.countOf(offset))).toStrictEqual([2, 2, 1]);
    expect(tally.metadataAt(10, [10, 11, 12, 13])).toBe('begun/1 2+2 1+1');
    expect(tally.metadataAt(12, [12, 13])).toBe('begun/1 1+2'); // progress: they were begun once
  });

  it('counts of those that are handled alone only the one that was begun so, until it is not any more', () => {
    const tally = tallyAt(10, 'begun/1 2+4');
    expect(tally.metadataAt(10, [10, 11, 12])).toBe('begun/1 2+4');
    expect(tally.countExclusive(10, true)).toBe(true);
    expect(tally.metadataAt(10, [10, 11, 12])).toBe('begun/1 3+1 2+3');
    expect(tally.metadataAt(11, [11, 12])).toBe('begun/1 2+3'); // it is acknowledged
    expect(tally.countExclusive(11, true)).toBe(true);
    expect(tally.countExclusive(11, true)).toBe(false);
    expect(tally.metadataAt(11, [11, 12])).toBe('begun/1 3+1 2+2');
    expect(tally.countExclusive(11, false)).toBe(true);
    expect(tally.countExclusive(11, false)).toBe(false);
    expect(tally.metadataAt(11, [11, 12])).toBe('begun/1 2+3');
    expect(tally.metadataAt(11, [])).toBe('begun/1 2+3');
  });

  it('counts none that is to be handled alone for what is begun before it', () => {
    const tally = tallyAt(10, 'begun/1 1+1 2+1');
    expect(tally.metadataAt(10, [10, 11, 12])).toBe('begun/1 2+2 1+1');
  });

  it('writes what was there before when a lane is given up in good order, word for word', () => {
    for (const metadata of [null, 'begun/1 2+4', 'what another client wrote']) {
      const tally = tallyAt(10, metadata);
      expect(tally.end(10)).toBe(false); // nothing was begun
      const begun = tallyAt(10, metadata);
      begun.countExclusive(10, true);
      begun.noteWritten(10, begun.metadataAt(10, [10]));
      expect(begun.end(10)).toBe(true);
      expect(begun.metadataAt(10, [10])).toBe(metadata);
    }
    const ahead = tallyAt(10, 'begun/1 2+4');
    ahead.countExclusive(11, true);
    ahead.noteWritten(11, ahead.metadataAt(11, [11]));
    expect(ahead.end(11)).toBe(true);
    expect(ahead.metadataAt(11, [11])).toBe('begun/1 2+3');
    ahead.noteWritten(11, 'begun/1 2+3');
    expect(ahead.end(11)).toBe(false);
  });

  it('does not take what this process wrote for a process that died', () => {
    const first = tallyAt(10, 'begun/1 1+1');
    first.noteWritten(10, first.metadataAt(10, [10]));
    const again = tallyAt(10, 'begun/1 2+1', first);
    expect(again.countOf(10)).toBe(2);
    expect(again.metadataAt(10, [10])).toBe('begun/1 2+1');
    expect(again.metadataAt(10, [])).toBe('begun/1 1+1');
    first.noteWritten(11, null); // refused, say
    expect(tallyAt(10, 'begun/1 2+1', first).countOf(10)).toBe(2);
    expect(tallyAt(10, 'begun/1 3+1', first).countOf(10)).toBe(4); // somebody else began it
  });
});
