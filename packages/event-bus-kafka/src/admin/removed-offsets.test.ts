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

  it('takes the metadata of others for nothing', () => {
    for (const metadata of [null, '', 'hello', '1-2', 'removed/2 1', 'removed/1 !'])
      expect(RemovedOffsets.of({ offset: 5, metadata }).toCommit()).toEqual({
        offset: 5,
        metadata: 'removed/1',
      });
    expect(RemovedOffsets.of({ offset: -1, metadata: null }).below).toBe(0);
  });

  it.each([
    'removed/1 2-zzzzzzzzzzz', // for ever
    'removed/1 0',
    'removed/1 5 4',
    'removed/1 4 5',
    'removed/1 4-2 5',
    'removed/1 2 topic=AQIDBAUGBwgJCgsMDQ4PEA',
    'removed/1 topic=short 2',
    `removed/1 ${'2 '.repeat(2_000)}`,
  ])('takes metadata that this package cannot have written for nothing: %s', (metadata) => {
    expect(RemovedOffsets.of({ offset: 5, metadata }).toCommit()).toEqual({
      offset: 5,
      metadata: 'removed/1',
    });
  });

  it('knows nothing of dead letters in a topic that was deleted and created again', () => {
    const [oldId, newId] = ['AAAAAAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBBBBBB'];
    const removed = RemovedOffsets.of(undefined);
    removed.add([0, 1, 4], 0);
    const commit = removed.toCommit(oldId);
    expect(commit).toEqual({ offset: 2, metadata: `removed/1 topic=${oldId} 2` });
    const known = (topicId: string | undefined) =>
      [0, 1, 2, 3, 4].filter((offset) => RemovedOffsets.of(commit, topicId).has(offset));
    expect(known(oldId)).toEqual([0, 1, 4]);
    expect(known(undefined)).toEqual([0, 1, 4]);
    expect(known(newId)).toEqual([]);
  });

  it('says when it is more than Kafka keeps', () => {
    const removed = RemovedOffsets.of(undefined);
    removed.add(
      Array.from({ length: 2_000 }, (_, index) => 1 + 2 * index),
      0,
    );
    expect(removed.toCommit()).toBeUndefined();
  });
});
