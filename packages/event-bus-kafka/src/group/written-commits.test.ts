import { describe, expect, it } from 'vitest';
import { WrittenCommits } from './written-commits.js';

describe('WrittenCommits', () => {
  it('keeps the last two offsets and texts that the broker was asked to keep', () => {
    const written = new WrittenCommits(1, null);
    for (const offset of [2, 3, 4]) written.note(offset, `at ${offset}`);
    expect(written.offsets).toStrictEqual([3, 4]);
    expect([2, 3, 4].map((offset) => written.has(offset, `at ${offset}`))).toStrictEqual([false, true, true]);
    expect(written.has(4, 'what another process wrote')).toBe(false);
    expect(written.isLast(4, 'at 4')).toBe(true);
    expect(written.isLast(3, 'at 3')).toBe(false);
  });

  it('counts a commit that is repeated as one', () => {
    const written = new WrittenCommits(1, '');
    written.note(1, null); // brokers return an empty text for none
    written.note(1, 'text');
    written.note(1, 'text');
    expect(written.has(1, null)).toBe(true);
    expect(written.offsets).toStrictEqual([1]);
  });
});
