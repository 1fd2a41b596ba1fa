import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeliveryCounts } from './delivery-counts.js';

describe('DeliveryCounts', () => {
  it('keeps how often events were begun in the metadata of a commit', () => {
    const once = DeliveryCounts.none.onceMore(107);
    expect(once.textAt(100)).toBe('begun/1 1+7');
    const again = DeliveryCounts.of('begun/1 1+7', 100).onceMore(104);
    expect([100, 103, 104, 106, 107].map((offset) => again.at(offset))).toStrictEqual([2, 2, 1, 1, 0]);
    expect(again.textAt(100)).toBe('begun/1 2+4 1+3');
    expect(again.textAt(103)).toBe('begun/1 2+1 1+3');
    expect(again.textAt(105)).toBe('begun/1 1+2');
    expect(again.textAt(107)).toBeNull();
  });

  it('counts what is begun beside others twice, and after that what is begun alone', () => {
    const twice = DeliveryCounts.none.onceMore(103).onceMore(103).onceMore(104).onceMore(102);
    expect(twice.textAt(100)).toBe('begun/1 2+3 1+1');
    expect(twice.onceMoreAlone(101).textAt(100)).toBe('begun/1 2+1 3+1 2+1 1+1');
    expect(twice.onceMoreAlone(100).onceMore(104).onceMoreAlone(100).textAt(100)).toBe('begun/1 4+1 2+3');
  });

  it('takes the metadata of others for nothing', () => {
    const texts = [
      null,
      '',
      'hello',
      'removed/1 2-2',
      'begun/2 3+1',
      'begun/1 x',
      'begun/1 3',
      'begun/1 -3+1',
    ];
    for (const text of texts) {
      expect(DeliveryCounts.of(text, 5).textAt(5)).toBeNull();
      expect(DeliveryCounts.of(text, 5).at(5)).toBe(0);
    }
  });

  it('counts as a list of counts would, whatever is begun and committed, and survives being written', () => {
    const step = fc.record({ moves: fc.nat(5), begins: fc.nat(9), isAlone: fc.boolean() });
    const lives = fc.array(step, { maxLength: 15 });
    fc.assert(
      fc.property(lives, (steps) => {
        const expected = new Map<number, number>();
        let counts = DeliveryCounts.none;
        let position = 0;
        for (const { moves, begins, isAlone } of steps) {
          position += moves;
          counts = DeliveryCounts.of(counts.textAt(position), position);
          if (isAlone) {
            counts = counts.onceMoreAlone(position);
            expected.set(position, (expected.get(position) ?? 0) + 1);
            continue;
          }
          if (begins > 0) counts = counts.onceMore(position + begins);
          for (let offset = position; offset < position + begins; offset += 1) {
            const before = expected.get(offset) ?? 0;
            if (before < 2) expected.set(offset, before + 1);
          }
        }
        for (let offset = position; offset < position + 20; offset += 1)
          expect(counts.at(offset)).toBe(expected.get(offset) ?? 0);
      }),
    );
  });
});
