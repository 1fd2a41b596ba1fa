import { describe, expect, it } from 'vitest';
import { groupFindings } from './group-findings.js';
import type { PartitionLag } from './group-lag.js';
import type { GroupFacts } from './read-groups.js';

const group: GroupFacts = {
  groupId: 'mail',
  state: 'Stable',
  isForeign: false,
  members: [{ clientId: 'lms', topics: ['orders'] }],
  committed: new Map(),
};
const handled: PartitionLag = {
  topic: 'orders',
  groupId: 'mail',
  lane: 'orders:0',
  partition: 0,
  committed: 9,
  first: 0,
  end: 9,
  members: 1,
  length: 9,
  lag: 0,
  pending: null,
  oldestAgeMs: 0,
  distanceToTrim: null,
};
const hourMs = 3_600_000;
const textsOf = (facts: Partial<GroupFacts>, lag: Partial<PartitionLag>, retentionMs?: number) =>
  groupFindings({ ...group, ...facts }, [{ ...handled, ...lag }], retentionMs).map(
    ({ verdict, message }) => `${verdict}: ${message}`,
  );

describe('groupFindings', () => {
  it('is content with a group that is at work', () => {
    expect(textsOf({}, {})).toEqual(['ok: all handled, members 1']);
    expect(textsOf({}, { committed: 4, lag: 5, oldestAgeMs: 60_000 }, 48 * hourMs)).toEqual([
      'ok: waiting 5, the oldest for 60 s, members 1',
    ]);
  });

  it('finds events that wait for long, and that are about to be deleted', () => {
    const waiting = { committed: 4, lag: 5, oldestAgeMs: 40 * hourMs };
    expect(textsOf({}, waiting, 48 * hourMs)).toEqual([
      'warning: waiting 5, the oldest for 40 h',
      'warning: the topic keeps events for 2 d: the oldest that waits may be deleted in 8 h',
    ]);
    expect(textsOf({}, waiting, 39 * hourMs)[1]).toMatch(/deleted at any time$/);
    expect(textsOf({}, waiting, Infinity)).toHaveLength(1);
    expect(textsOf({}, waiting)).toHaveLength(1);
  });

  it.each([
    [{ state: 'PreparingRebalance' }, /is rebalancing \(PreparingRebalance, members 1\)/],
    [{ isForeign: true }, /use another assignment protocol/],
  ])('finds what keeps members from joining or reading: %j', (facts, text) => {
    expect(textsOf(facts, {})).toEqual([expect.stringMatching(text)]);
  });

  it('does not warn of members of the consumer protocol, which ours join', () => {
    expect(textsOf({ state: 'Dead', members: [] }, { members: null })).toEqual([
      expect.stringMatching(
        /^ok: all handled, some members speak the consumer protocol.*members of this package join it/,
      ),
    ]);
  });

  it('has a cure for each thing that is not well', () => {
    const lags = [{ ...handled, committed: null, lag: 9, members: 0, oldestAgeMs: null }];
    const cures = groupFindings({ ...group, members: [] }, lags, 1).map(({ cure }) => cure);
    expect(cures.length).toBeGreaterThan(0);
    expect(cures).not.toContain(undefined);
  });
});
