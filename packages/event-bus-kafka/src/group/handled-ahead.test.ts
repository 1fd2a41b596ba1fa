import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HandledAhead } from './handled-ahead.js';

describe('HandledAhead', () => {
  it('holds what was handled, also as its text is read again', () => {
    const cases = fc.record({
      first: fc.nat(1_000_000_000),
      gaps: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 60 }),
      chosen: fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
    });
    fc.assert(
      fc.property(cases, ({ first, gaps, chosen }) => {
        let last = first;
        const yielded = [first, ...gaps.map((gap) => (last += gap))];
        const handled = yielded.filter((_, index) => index > 0 && chosen[index]);
        const ahead = HandledAhead.none.add(new Set(handled), yielded);
        const read = HandledAhead.fromText(ahead.toText(first, 4_000), first) ?? HandledAhead.none;
        for (const one of [ahead, read]) {
          expect(yielded.filter((offset) => one.has(offset))).toStrictEqual(handled);
          for (const offset of yielded) {
            const next = one.next(offset);
            expect(one.has(next)).toBe(false);
            expect(yielded.filter((other) => other >= offset && other < next).every((o) => one.has(o))).toBe(
              true,
            );
          }
        }
      }),
    );
  });

  it('needs one range for events with markers of transactions between them', () => {
    const yielded = Array.from({ length: 1_000 }, (_, index) => index * 2);
    const ahead = HandledAhead.none.add(new Set(yielded.slice(1)), yielded);
    expect(ahead.toText(0, 4_000)).toHaveLength(4);
  });

  it('leaves out what lies before the offset of a commit', () => {
    const yielded = [0, 1, 2, 3, 4, 5];
    const ahead = HandledAhead.none.add(new Set([1, 3, 5]), yielded);
    const read = HandledAhead.fromText(ahead.toText(2, 4_000), 2);
    expect(yielded.filter((offset) => read?.has(offset))).toStrictEqual([3, 5]);
    expect(ahead.toText(5, 4_000)).toBe('');
  });

  it('joins what two assignments have handled', () => {
    const one = HandledAhead.none.add(new Set([1, 2]), [0, 1, 2]);
    const other = HandledAhead.none.add(new Set([3, 5]), [3, 4, 5]);
    const both = one.union(other);
    expect([0, 1, 2, 3, 4, 5, 6].filter((offset) => both.has(offset))).toStrictEqual([1, 2, 3, 5]);
    expect([both.next(1), both.end]).toStrictEqual([4, 6]);
  });
});
