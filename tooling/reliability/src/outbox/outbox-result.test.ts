import { describe, expect, it } from 'vitest';
import { brokenOutboxPromises, type OutboxResult, outboxFiguresOf } from './outbox-result.js';

const result: Omit<OutboxResult, 'broken'> = {
  fault: 'F24',
  scenario: 'outbox-relay',
  bus: 'postgres',
  publishesOn: 'redis',
  seed: 7,
  faults: { writerKills: 0, relayKills: 50, relayFreezes: 10, databaseKills: 5 },
  committed: 200_000,
  published: 200_000,
  lost: 0,
  ghosts: 0,
  duplicates: 4_000,
  worstDuplicates: 1_000,
  orderViolations: 0,
  deadlocks: 0,
  parked: 0,
  left: 0,
  leaseMs: 2_000,
  worstTakeOverMs: 3_000,
  worstRecoveryMs: 3_100,
  durationMs: 200_000,
  badEnds: [],
};
const broken = (changes: Partial<OutboxResult>) =>
  brokenOutboxPromises({ ...result, ...changes }, { takeOverSlackMs: 1_000 });

describe('brokenOutboxPromises', () => {
  it('accepts two batches of duplicates after a fault, and a take-over a second after the lease', () => {
    expect(broken({})).toEqual([]);
  });

  it.each<[Partial<OutboxResult>, string]>([
    [{ lost: 1 }, '1 events lost'],
    [{ ghosts: 2 }, '2 events published whose transactions rolled back'],
    [{ orderViolations: 3 }, '3 events out of order'],
    [{ deadlocks: 4 }, '4 deadlocks'],
    [{ parked: 5 }, '5 events parked'],
    [{ left: 6 }, '6 events left in the outbox'],
    [{ worstDuplicates: 1_001 }, '1001 duplicates after one fault'],
    [{ worstTakeOverMs: 3_001 }, 'a take-over after 3001 ms, with a lease of 2000 ms'],
    [{ badEnds: ['relay-1 ended with 1'] }, 'relay-1 ended with 1'],
  ])('reports %o', (changes, sentence) => {
    expect(broken(changes)).toEqual([sentence]);
  });
});

describe('outboxFiguresOf', () => {
  it('prints what a run has shown', () => {
    expect(outboxFiguresOf({ ...result, broken: [] })).toBe(
      'F24 outbox-relay on postgres and redis: 200,000 events, 65 faults: 0 lost, 0 ghosts, 0 order violations, 0 deadlocks, 4,000 duplicates (max per fault 1,000), take-over at most 3000 ms with a lease of 2000 ms, recovery at most 3100 ms, 200.0 s, seed 7',
    );
  });
});
