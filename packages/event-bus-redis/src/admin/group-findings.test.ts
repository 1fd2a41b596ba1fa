import { describe, expect, it } from 'vitest';
import { groupFindings } from './group-findings.js';
import type { GroupFacts, MemberFacts, StreamFacts } from './read-stream.js';

const minute = 60_000;
const lag = {
  ...{ topic: 'orders', groupId: 'g', lane: 'orders', members: 3, length: 5, lag: 0, pending: 0 },
  ...{ oldestAgeMs: 0, distanceToTrim: 5 },
};
const stream: StreamFacts = {
  ...{
    stream: 'orders',
    length: 5,
    firstId: '1-0',
    lastGeneratedId: '5-0',
    countsReads: true,
    entriesAdded: 5,
    groups: [],
  },
};
const member = (name: string, facts: Partial<MemberFacts> = {}): MemberFacts => ({
  ...{ name, pending: 0, idleMs: 100, hasReceived: true },
  ...facts,
});
const findings = (members: readonly MemberFacts[]) => {
  const group: GroupFacts = {
    ...{ groupId: 'g', lastDeliveredId: '5-0', entriesRead: 5, reportedLag: 0, pending: 0 },
    ...{ oldestPendingId: undefined, nextId: undefined, members },
  };
  const context = { maxLength: 10, entriesReadSinceMs: 0 };
  return groupFindings(lag, stream, group, context).map(({ verdict, message }) => `${verdict}: ${message}`);
};

describe('groupFindings', () => {
  it('shows members of processes that crashed', () => {
    const crashed = Array.from({ length: 30 }, (_, n) =>
      member(`crashed-${n}`, { idleMs: (n + 6) * minute }),
    );
    expect(findings([member('alive'), ...crashed])).toEqual([
      'warning: 30 of 31 members have ended without leaving the group, one of them 35 min ago; nothing is pending for them',
    ]);
  });

  it('does not regard members of a quiet stream as ended where Redis does not count their reads', () => {
    const quiet = member('quiet', { idleMs: 60 * minute, hasReceived: null });
    expect(findings([quiet])).toEqual(['ok: all processed, members 3']);
    expect(findings([{ ...quiet, idleMs: 25 * 60 * minute }])).toEqual([
      expect.stringMatching(/1 of 1 members have ended/),
    ]);
  });
});
