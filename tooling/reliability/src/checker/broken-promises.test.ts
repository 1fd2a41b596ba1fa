import { describe, expect, it } from 'vitest';
import { brokenPromises, type Promised } from './broken-promises.js';

const fine: Promised = {
  fault: 'F2',
  scenario: 'kills',
  bus: 'redis',
  seed: 7,
  faults: 2,
  accepted: 10,
  rejected: 0,
  handled: 10,
  lost: 0,
  ghosts: 0,
  duplicates: 3,
  redelivered: 100,
  worstRedelivered: 100,
  redeliveredOtherwise: 0,
  orderViolations: null,
  deadLetters: null,
  effects: null,
  worstRecoveryMs: 10,
  longestPauseMs: 2_100,
  worstOutageMs: 0,
  slowestSendMs: 1,
  durationMs: 1,
  left: { stored: 10, pending: 0, unread: 0 },
  badEnds: [],
};

describe('brokenPromises', () => {
  it('finds nothing where everything was handled, whatever came again within bounds', () => {
    expect(brokenPromises(fine)).toEqual([]);
  });

  it('counts what a primary may lose that no replica had, unless the failover was planned', () => {
    const lost = { ...fine, lost: 1, worstRecoveryMs: null };
    expect(brokenPromises(lost, {}, { mayLoseUnreplicated: true })).toEqual([]);
    expect(brokenPromises(lost, { isPlanned: true }, { mayLoseUnreplicated: true })).toEqual([
      '1 events lost',
    ]);
  });

  it('counts sends with an unknown outcome where replicas must have an event', () => {
    const unknown = { ...fine, rejected: 1 };
    expect(brokenPromises(unknown, {}, { mayBeUnknown: true })).toEqual([]);
    expect(brokenPromises(unknown, { isPlanned: true }, { mayBeUnknown: true })).toEqual([
      '1 sends rejected',
    ]);
  });

  it.each<[string, Partial<Promised>]>([
    ['1 events lost', { lost: 1 }],
    ['2 ghosts', { ghosts: 2 }],
    ['3 sends rejected', { rejected: 3 }],
    ['5 events stored twice', { copies: 5 }],
    ['2 accepted events that are not at the position of their receipt', { misplaced: 2 }],
    ['4 events out of order', { orderViolations: 4 }],
    ['101 redelivered for one kill', { worstRedelivered: 101 }],
    ['5 dead letters too many', { deadLetters: { events: 9, twice: 5, wrong: 0, missing: 0 } }],
    [
      '6 dead letters of events that do not fail',
      { deadLetters: { events: 9, twice: 0, wrong: 6, missing: 0 } },
    ],
    [
      '7 failing events that are no dead letters',
      { deadLetters: { events: 9, twice: 0, wrong: 0, missing: 7 } },
    ],
    ['8 events left in the broker', { left: { stored: 10, pending: 3, unread: 5 } }],
    ['nothing was handled after the last fault', { worstRecoveryMs: null }],
    ['consumer-1 ended with 1: ', { badEnds: ['consumer-1 ended with 1: '] }],
  ])('reports: %s', (sentence, changes) => {
    expect(brokenPromises({ ...fine, ...changes })).toEqual([sentence]);
  });

  it('reports an effect that happened twice or is missing', () => {
    const effects = { events: 9, twice: 2 };
    expect(brokenPromises({ ...fine, effects }, { hasEffectOnce: true })).toEqual([
      '2 duplicate effects',
      '1 effects without a handled event, or the other way',
    ]);
    expect(brokenPromises({ ...fine, effects: { events: 10, twice: 2 } })).toEqual([]);
  });

  it('reports an event that was processed twice although no process died', () => {
    const found = brokenPromises({ ...fine, duplicates: 1, redeliveredOtherwise: 2 }, { takesUpOnce: true });
    expect(found).toEqual(['1 events handled twice', '2 events processed twice']);
    expect(
      brokenPromises({ ...fine, duplicates: 1, redeliveredOtherwise: 2 }, { handlesOnce: true }),
    ).toEqual(['1 events handled twice']);
  });
});
