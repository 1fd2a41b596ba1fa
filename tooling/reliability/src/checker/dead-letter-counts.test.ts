import { describe, expect, it } from 'vitest';
import { deadLetterCounts } from './dead-letter-counts.js';
import { Ledger } from './ledger.js';

const ledger = new Ledger();
for (const [sequence, id] of ['a', 'b', 'c', 'd'].entries()) {
  ledger.book('p1', [
    ['offered', 0, id, 'k', sequence],
    ['accepted', 1, id, '1-0', 1],
  ]);
}
ledger.book('c1', [
  ['finished', 2, 'c'],
  ['finished', 2, 'd'],
]);
const firstTwoFail = ({ sequence }: { readonly sequence: number }) => sequence < 2;

describe('deadLetterCounts', () => {
  it('finds nothing wrong where what fails lies there once, and nothing else', () => {
    const counts = deadLetterCounts(ledger, ['a', 'b'], firstTwoFail);
    expect(counts).toEqual({ events: 2, twice: 0, wrong: 0, missing: 0 });
  });

  it('counts what lies there twice, what should not, and what should and does not', () => {
    const counts = deadLetterCounts(ledger, ['a', 'a', 'c', 'x'], firstTwoFail);
    expect(counts).toEqual({ events: 3, twice: 1, wrong: 2, missing: 1 });
  });

  it('counts a dead letter that was handled, too, as wrong', () => {
    expect(deadLetterCounts(ledger, ['d'], ({ sequence }) => sequence === 3)).toMatchObject({ wrong: 1 });
  });
});
