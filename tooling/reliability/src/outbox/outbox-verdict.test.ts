import { describe, expect, it } from 'vitest';
import { outboxVerdict } from './outbox-verdict.js';

const truth = [
  { eventId: 'a1', key: 'a', sequence: 1 },
  { eventId: 'a2', key: 'a', sequence: 2 },
  { eventId: 'b1', key: 'b', sequence: 1 },
];
const verdict = (...ids: readonly string[]) =>
  outboxVerdict(
    truth,
    ids.map((eventId, at) => ({ eventId, at })),
    [1, 3],
  );

describe('outboxVerdict', () => {
  it('finds nothing wrong when each committed event was published in the order of its key', () => {
    expect(verdict('a1', 'b1', 'a2')).toEqual({
      committed: 3,
      published: 3,
      lost: 0,
      ghosts: 0,
      duplicates: 0,
      worstDuplicates: 0,
      orderViolations: 0,
    });
  });

  it('counts a committed event that was not published as lost', () => {
    expect(verdict('a1', 'b1')).toMatchObject({ published: 2, lost: 1 });
  });

  it('counts a published event whose transaction rolled back as a ghost', () => {
    expect(verdict('a1', 'x', 'b1', 'a2')).toMatchObject({ ghosts: 1, lost: 0 });
  });

  it('counts an event that was first published after a later one of its key', () => {
    expect(verdict('a2', 'a1', 'b1')).toMatchObject({ orderViolations: 1 });
  });

  it('counts duplicates for the fault before them, and not against the order', () => {
    expect(verdict('a1', 'a2', 'a1', 'b1', 'a1', 'a2')).toMatchObject({
      duplicates: 3,
      worstDuplicates: 2,
      orderViolations: 0,
    });
  });
});
