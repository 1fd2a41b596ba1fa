import { describe, expect, it } from 'vitest';
import type { JournalLine } from '../journal/journal-line.js';
import { Ledger } from './ledger.js';
import { verdictOf } from './verdict.js';

const sent = (id: string, sequence: number, key = 'k'): readonly JournalLine[] => [
  ['offered', 0, id, key, sequence],
  ['accepted', 1, id, '1-0', 1],
];
const taken = (id: string, sequence: number, at: number, key = 'k'): JournalLine => [
  ...(['entered', at, id, key, sequence, 1, '1-0'] as const),
];
const handled = (id: string, sequence: number, at: number): readonly JournalLine[] => [
  taken(id, sequence, at),
  ['finished', at + 0.5, id],
];

/** Books journals by process, and reads the verdict. */
function verdict(
  journals: Readonly<Record<string, readonly JournalLine[]>>,
  {
    killed = {},
    faultsAt = [],
  }: { killed?: Readonly<Record<string, number>>; faultsAt?: readonly number[] } = {},
) {
  const ledger = new Ledger();
  for (const [life, lines] of Object.entries(journals)) ledger.book(life, lines);
  return verdictOf(ledger, { killed: new Map(Object.entries(killed)), faultsAt });
}

describe('verdictOf', () => {
  it('finds nothing wrong where every event was sent and handled once, whichever journal is read first', () => {
    const journals = {
      c1: [...handled('a', 0, 10), ...handled('b', 1, 11)],
      p1: [...sent('a', 0), ...sent('b', 1)],
    };
    expect(verdict(journals, { faultsAt: [10.6] })).toMatchObject({
      accepted: 2,
      handled: 2,
      lost: 0,
      ghosts: 0,
      duplicates: 0,
      redeliveredOtherwise: 0,
      orderViolations: 0,
      recoveryMs: [expect.closeTo(0.9)],
    });
  });

  it('counts what was accepted and never finished as lost, and what was rejected not', () => {
    const p1: readonly JournalLine[] = [
      ...sent('a', 0),
      ...sent('b', 1),
      ['offered', 0, 'c', 'k', 2],
      ['rejected', 1, 'c', 'EVENTS_PRODUCE_FAILED'],
      ['offered', 0, 'd', 'k', 3],
    ];
    const c1 = [...handled('a', 0, 10), taken('b', 1, 11)];
    expect(verdict({ p1, c1 })).toMatchObject({ offered: 4, accepted: 2, rejected: 1, handled: 1, lost: 1 });
  });

  it('counts what was never sent, or arrives otherwise, as ghosts', () => {
    const p1 = [...sent('a', 0), ...sent('b', 1)];
    const c1 = [...handled('a', 7, 10), ...handled('b', 1, 11), ...handled('x', 5, 12)];
    expect(verdict({ p1, c1 })).toMatchObject({ ghosts: 2 });
  });

  it('books a redelivery on the process that had the event before', () => {
    const p1 = [...sent('a', 0), ...sent('b', 1), ...sent('c', 2)];
    const c1 = [...handled('a', 0, 10), taken('b', 1, 11)];
    const c2 = [...handled('a', 0, 20), ...handled('b', 1, 21), ...handled('c', 2, 22)];
    const secondTry: JournalLine = ['entered', 22.2, 'c', 'k', 2, 2, '1-0'];
    const c3 = handled('c', 2, 30);
    const found = verdict(
      { c3, c2: [...c2, secondTry], c1, p1 },
      { killed: { c1: 12, c3: 40 }, faultsAt: [12, 40] },
    );
    expect(found).toMatchObject({ lost: 0, duplicates: 2, redeliveredOtherwise: 1 });
    expect([...found.redeliveredAfter]).toEqual([['c1', 2]]);
    expect(found.recoveryMs).toEqual([8.5, undefined]);
    expect(found.longestPauseMs).toBe(8);
  });

  it('does not book on a kill what was taken up again before it', () => {
    const p1 = [...sent('a', 0), ...sent('b', 1)];
    const c1 = [taken('a', 0, 10), ...handled('b', 1, 30)]; // frozen from 10 to 30, killed at 40
    const c2 = [...handled('a', 0, 20), ...handled('b', 1, 50)];
    const found = verdict({ p1, c1, c2 }, { killed: { c1: 40 }, faultsAt: [10, 40] });
    expect([[...found.redeliveredAfter], found.redeliveredOtherwise]).toEqual([[['c1', 1]], 1]);
  });

  it('finds a first completion that comes after a later one of its key, over processes', () => {
    const p1 = [...sent('a', 0), ...sent('b', 1), ...sent('c', 2), ...sent('z', 0, 'other')];
    const c1 = [...handled('b', 1, 10), ...handled('c', 2, 30)];
    const c2 = [...handled('a', 0, 20), ...handled('b', 1, 40)];
    expect(verdict({ c1, c2, p1 })).toMatchObject({ orderViolations: 1, duplicates: 1 });
  });
});
