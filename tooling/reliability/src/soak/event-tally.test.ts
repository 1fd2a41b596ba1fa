import { describe, expect, it } from 'vitest';
import type { JournalLine } from '../journal/journal-line.js';
import { EventTally } from './event-tally.js';

const offered = (sequence: number): JournalLine => ['offered', 1, `id-${sequence}`, 'k', sequence];
const accepted = (sequence: number): JournalLine => ['accepted', 2, `id-${sequence}`, '0:1', 7];
const rejected = (sequence: number): JournalLine => ['rejected', 2, `id-${sequence}`, 'CODE'];
const handled = (sequence: number): readonly JournalLine[] => [
  ['entered', 3, `id-${sequence}`, 'k', sequence, 1, '0:1'],
  ['finished', 4, `id-${sequence}`],
];

describe('EventTally', () => {
  it('counts what was sent and handled, whichever journal is read first', () => {
    const tally = new EventTally(2);
    tally.book('producer', [offered(0), accepted(0), offered(1)]);
    tally.book('consumer', [...handled(0), ...handled(1)]);
    tally.book('producer', [accepted(1)]);
    expect(tally).toMatchObject({ offered: 2, accepted: 2, handled: 2, acceptedAndHandled: 2 });
    expect(tally).toMatchObject({ lost: 0, ghosts: 0, duplicates: 0, rejected: 0, slowestSendMs: 7 });
  });

  it('finds what was accepted and never handled', () => {
    const tally = new EventTally(3);
    tally.book('producer', [offered(0), offered(1), offered(2), accepted(0), accepted(1), rejected(2)]);
    tally.book('consumer', handled(1));
    expect(tally).toMatchObject({ lost: 1, rejected: 1, handled: 1 });
  });

  it('does not count an event as handled that was only started', () => {
    const tally = new EventTally(1);
    tally.book('producer', [offered(0), accepted(0)]);
    tally.book('consumer', handled(0).slice(0, 1));
    expect(tally.lost).toBe(1);
  });

  it('finds what was handled more than once, by one process or two', () => {
    const tally = new EventTally(1);
    tally.book('producer', [offered(0), accepted(0)]);
    tally.book('consumer-1', [...handled(0), ...handled(0)]);
    tally.book('consumer-2', handled(0));
    expect(tally).toMatchObject({ handled: 1, duplicates: 2, lost: 0, acceptedAndHandled: 1 });
  });

  it('finds what was handled and never sent', () => {
    const tally = new EventTally(2);
    tally.book('producer', [offered(0), accepted(0)]);
    tally.book('consumer', [...handled(0), ...handled(1), ...handled(2)]);
    expect(tally.ghosts).toBe(2);
  });
});
