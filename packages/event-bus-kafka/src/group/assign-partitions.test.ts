import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignPartitions } from './assign-partitions.js';

const ids = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('assignPartitions', () => {
  it('gives each partition to exactly one member, and nobody two more than another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(20), fc.nat(20), (count, inA, inB) => {
        const members = ids(count).map((id) => ({ memberId: `m${id}`, topics: ['a', 'b'] }));
        const shares = assignPartitions(members, (topic) => ids(topic === 'a' ? inA : inB));
        const all = [...shares.values()].flatMap((share) =>
          Array.from(share).flatMap(([topic, partitions]) => partitions.map((one) => `${topic}${one}`)),
        );
        expect(new Set(all).size).toBe(inA + inB);
        expect(all).toHaveLength(inA + inB);
        const sizes = [...shares.values()].map((share) => [...share.values()].flat().length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('gives nobody a topic that it does not read', () => {
    const members = [
      { memberId: '1', topics: ['a'] },
      { memberId: '2', topics: ['b'] },
    ];
    const shares = assignPartitions(members, () => [0, 1]);
    expect([...(shares.get('1')?.keys() ?? [])]).toStrictEqual(['a']);
    expect([...(shares.get('2')?.keys() ?? [])]).toStrictEqual(['b']);
  });
});
