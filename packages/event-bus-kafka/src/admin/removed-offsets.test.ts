import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RemovedOffsets } from './removed-offsets.js';

const offsets = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 40 });

describe('RemovedOffsets', () => {
  it('knows again from a commit what it knew', () => {
    fc.assert(
      fc.property(offsets, offsets, fc.integer({ min: 0, max: 10 }), (first, second, start) => {
        const removed = RemovedOffsets.of(undefined);
        removed.add(first, 0);
        const again = RemovedOffsets.of(removed.toCommit());
        again.add(second, start);
        const known = RemovedOffsets.of(again.toCommit());
        const all = new Set([...first, ...second]);
        for (let offset = 0; offset <= 61; offset += 1)
          expect(known.has(offset)).toBe(offset < start || all.has(offset));
        expect(known.has(known.below)).toBe(false);
      }),
    );
  });

  it('commits how far all are gone, and names the others', () => {
    const removed = RemovedOffsets.of(undefined);
    removed.add([0, 1, 2, 5, 6, 7, 40], 0);
    expect(removed.toCommit()).toEqual({ offset: 3, metadata: 'removed/1 2-2 11' });
    removed.add([3, 4], 0);
    expect(removed.toCommit()).toEqual({ offset: 8, metadata: 'removed/1 w' });
  });

  it('ignores the metadata of others', () => {
    for (const metadata of [null, '', 'hello', '1-2', 'removed/2 1', 'removed/1 !'])
      expect(RemovedOffsets.of({ offset: 5, metadata }).toCommit()).toEqual({
        offset: 5,
        metadata: 'removed/1',
      });
    expect(RemovedOffsets.of({ offset: -1, metadata: null }).below).toBe(0);
  });

  it('ignores ranges that end where nothing was ever stored, and expands none', () => {
    const forged = RemovedOffsets.of({ offset: 5, metadata: 'removed/1 0-zzzzzzzzzzz 2-1' }, 100);
    expect([forged.isForeign, forged.below, forged.has(6), forged.has(7), forged.has(8)]).toEqual([
      true,
      5,
      false,
      true,
      true,
    ]);
    const large = RemovedOffsets.of({ offset: 0, metadata: 'removed/1 1-zzzzzzzzz' });
    expect([large.isForeign, large.has(36 ** 9), large.has(36 ** 9 + 1)]).toEqual([false, true, false]);
    expect(large.toCommit()).toEqual({ offset: 0, metadata: 'removed/1 1-zzzzzzzzz' });
  });

  it('ignores an offset beyond the end, which would hide everything', () => {
    const forged = RemovedOffsets.of({ offset: 101, metadata: 'removed/1' }, 100);
    expect([forged.isForeign, forged.below, forged.has(0)]).toEqual([true, 0, false]);
    expect(RemovedOffsets.of({ offset: 100, metadata: 'removed/1' }, 100).isForeign).toBe(false);
  });

  it('knows nothing of dead letters in a topic that was deleted and created again', () => {
    const [oldId, newId] = ['AAAAAAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBBBBBB'];
    const removed = RemovedOffsets.of(undefined);
    removed.add([0, 1, 4], 0);
    const commit = removed.toCommit(oldId);
    expect(commit).toEqual({ offset: 2, metadata: `removed/1 topic=${oldId} 2` });
    const known = (topicId: string | undefined) => {
      const read = RemovedOffsets.of(commit, 100, topicId);
      return [0, 1, 2, 3, 4].filter((offset) => read.has(offset));
    };
    expect(known(oldId)).toEqual([0, 1, 4]);
    expect(known(undefined)).toEqual([0, 1, 4]);
    expect(known(newId)).toEqual([]);
  });

  it('reports when it is more than Kafka keeps', () => {
    const removed = RemovedOffsets.of(undefined);
    removed.add(
      Array.from({ length: 2_000 }, (_, index) => 1 + 2 * index),
      0,
    );
    expect(removed.toCommit()).toBeUndefined();
  });
});
