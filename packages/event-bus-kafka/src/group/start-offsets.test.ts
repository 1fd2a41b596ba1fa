import { InvalidOptionsError, type StartPosition } from '@openedx-ts/events-core';
import { describe, expect, it, vi } from 'vitest';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import { LeaderlessError } from '../driver/leaderless-error.js';
import type { GroupMemberId } from '../driver/protocol/offset-commit.js';
import { brokerError, fakeCoordinator, fakeDriver } from './fake-driver.test-support.js';
import { StartOffsets } from './start-offsets.js';

type Commit = Parameters<GroupCoordinator['offsetCommit']>[0];

/** A topic `t` with partitions from 10 to 20 and from 100 to 200, and what a group has committed of them. */
function groupAt(
  startFrom: StartPosition,
  committed: Readonly<Record<number, number>> = {},
  leaderless: ReadonlySet<number> = new Set(),
) {
  const positions = new Map(
    Object.entries(committed).map(([partition, offset]) => [Number(partition), offset]),
  );
  const offsetCommit = vi.fn(async ({ topics }: Commit) => {
    for (const { partition, offset } of topics[0]?.partitions ?? []) positions.set(partition, offset);
  });
  const offsetFetch: GroupCoordinator['offsetFetch'] = async () =>
    Array.from(positions, ([partition, offset]) => ({
      topic: 't',
      partition,
      offset,
      leaderEpoch: -1,
      metadata: null,
      errorCode: 0,
    }));
  const describeGroup: GroupCoordinator['describeGroup'] = async () => undefined;
  const coordinator = fakeCoordinator({ offsetCommit, offsetFetch, describeGroup });
  const offsets = { 0: { earliest: 10, latest: 20, since: 15 }, 1: { earliest: 100, latest: 200 } };
  const driver = fakeDriver({ topics: { t: 2 }, offsets, leaderless });
  const startOffsets = new StartOffsets({ driver, coordinator, startFrom, maxDeliveries: 10 });
  return { startOffsets, offsetCommit, offsets, positions: () => Object.fromEntries(positions) };
}

const member: GroupMemberId = { groupId: 'g', generationId: 3, memberId: 'me' };

describe('StartOffsets', () => {
  it.each<[StartPosition, object]>([
    ['resume', { 0: 20, 1: 200 }],
    ['earliest', { 0: 10, 1: 100 }],
    [{ time: new Date(1_000) }, { 0: 15, 1: 200 }], // nothing since then in the second
    [{ position: '0:12, 1:150' }, { 0: 12, 1: 150 }],
    [{ position: '0:12' }, { 0: 12, 1: 200 }],
  ])('fixes where a new group begins: %j', async (startFrom, expected) => {
    const { startOffsets, positions } = groupAt(startFrom);
    await startOffsets.fix(['t']);
    expect(positions()).toStrictEqual(expected);
  });

  it.each<StartPosition>(['earliest', 'resume', { time: new Date(1_000) }])(
    'leaves a group that exists where it is: %j',
    async (startFrom) => {
      const { startOffsets, offsetCommit } = groupAt(startFrom, { 0: 13, 1: 160 });
      await startOffsets.fix(['t']);
      const { positions: assigned } = await startOffsets.positionsIn(new Map([['t', [0, 1]]]), member);
      expect(assigned.map(({ offset }) => offset)).toStrictEqual([13, 160]);
      expect(offsetCommit).not.toHaveBeenCalled();
    },
  );

  it('begins with the first event of a topic that was not there before', async () => {
    const { startOffsets, positions } = groupAt('resume');
    startOffsets.awaitTopic('t');
    await startOffsets.fix(['t']);
    expect(positions()).toStrictEqual({ 0: 10, 1: 100 });
  });

  it('reads a partition that was added later from its beginning, and reports that to the group', async () => {
    const { startOffsets, offsetCommit, positions } = groupAt('resume', { 0: 13 });
    await startOffsets.fix(['t']);
    const { positions: assigned } = await startOffsets.positionsIn(new Map([['t', [0, 1]]]), member);
    expect(assigned.map(({ offset }) => offset)).toStrictEqual([13, 100]);
    expect(offsetCommit).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(member));
    expect(positions()).toStrictEqual({ 0: 13, 1: 100 });
  });

  it('leaves it to the members of a group that has some by now', async () => {
    const { startOffsets, offsetCommit, positions } = groupAt('resume');
    offsetCommit.mockRejectedValueOnce(brokerError('UNKNOWN_MEMBER_ID'));
    await startOffsets.fix(['t']);
    expect(positions()).toStrictEqual({});
    const { positions: assigned } = await startOffsets.positionsIn(new Map([['t', [1]]]), member);
    expect(assigned).toStrictEqual([
      { fullTopic: 't', topicId: undefined, partition: 1, offset: 200, metadata: null },
    ]); // new to it, so not from the beginning
    offsetCommit.mockRejectedValueOnce(brokerError('COORDINATOR_LOAD_IN_PROGRESS'));
    await expect(groupWith(offsetCommit).fix(['t'])).rejects.toThrow('COORDINATOR_LOAD_IN_PROGRESS');
  });

  it('does not move the start of a topic that may not be read yet, nor regards it as one that was created again', async () => {
    const { startOffsets, offsetCommit, offsets, positions } = groupAt('resume');
    offsetCommit.mockRejectedValueOnce(brokerError('TOPIC_AUTHORIZATION_FAILED'));
    await startOffsets.fix(['t']);
    offsetCommit.mockRejectedValueOnce(brokerError('TOPIC_AUTHORIZATION_FAILED'));
    const all = new Map([['t', [0, 1]]]);
    const offsetsOf = async () =>
      (await startOffsets.positionsIn(all, member)).positions.map(({ offset }) => offset);
    expect(await offsetsOf()).toStrictEqual([20, 200]);
    offsets[0].latest = 25; // events that arrive while the right is missing
    expect(await offsetsOf()).toStrictEqual([20, 200]);
    expect(positions()).toStrictEqual({ 0: 20, 1: 200 });
  });

  it('fixes the partitions that have a leader, and starts in the others with what is sent from then on', async () => {
    const leaderless = new Set([0]);
    const { startOffsets, positions } = groupAt('resume', {}, leaderless);
    await startOffsets.fix(['t']);
    expect(positions()).toStrictEqual({ 1: 200 });
    const all = new Map([['t', [0, 1]]]);
    const first = await startOffsets.positionsIn(all, member);
    expect(first.positions.map(({ offset }) => offset)).toStrictEqual([200]);
    expect([...first.failures]).toStrictEqual([['t:0', new LeaderlessError('t', 0)]]);
    leaderless.clear();
    const second = await startOffsets.positionsIn(new Map([['t', [0]]]), member);
    expect(second.positions.map(({ offset }) => offset)).toStrictEqual([15]); // the first since then
    expect(positions()).toStrictEqual({ 0: 15, 1: 200 });
  });

  it('reads a partition without a leader from its beginning when the group was not new to the topic', async () => {
    const leaderless = new Set([1]);
    const { startOffsets, positions } = groupAt('resume', { 0: 13 }, leaderless);
    await startOffsets.fix(['t']);
    const first = await startOffsets.positionsIn(new Map([['t', [0, 1]]]), member);
    expect(first.failures.size).toBe(1);
    expect(positions()).toStrictEqual({ 0: 13 });
    leaderless.clear();
    const second = await startOffsets.positionsIn(new Map([['t', [1]]]), member);
    expect(second.positions.map(({ offset }) => offset)).toStrictEqual([100]);
  });

  it.each(['0', '17-0', '0:1,', 'a:b'])('refuses %s as a position', (position) => {
    expect(() => groupAt({ position })).toThrow(InvalidOptionsError);
  });
});

function groupWith(offsetCommit: GroupCoordinator['offsetCommit']): StartOffsets {
  const coordinator = fakeCoordinator({
    offsetCommit,
    offsetFetch: async () => [],
    describeGroup: async () => undefined,
  });
  const driver = fakeDriver({ topics: { t: 1 } });
  return new StartOffsets({ driver, coordinator, startFrom: 'resume', maxDeliveries: 10 });
}
