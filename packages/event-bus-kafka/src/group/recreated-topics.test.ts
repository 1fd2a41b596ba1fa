import { configureEvents } from '@openedx-ts/events-core';
import { noTelemetry } from '@openedx-ts/events-core/bus';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeSubscription } from '../driver/consumer-protocol.js';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import type { GroupDescription } from '../driver/kafkajs-broker.js';
import type { GroupMemberId } from '../driver/protocol/offset-commit.js';
import { formatCommitMetadata } from './commit-metadata.js';
import { fakeCoordinator, fakeDriver } from './fake-driver.test-support.js';
import { HandledAhead } from './handled-ahead.js';
import { StartOffsets } from './start-offsets.js';

const [oldId, newId] = ['AAAAAAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBBBBBB'];
const member: GroupMemberId = { groupId: 'g', generationId: 3, memberId: 'me' };
const lost: unknown[] = [];
const warnings: unknown[] = [];

beforeEach(() => {
  lost.length = 0;
  warnings.length = 0;
  const restore = configureEvents({
    telemetry: { ...noTelemetry, record: (fact) => void (fact.type === 'events.lost' && lost.push(fact)) },
    logger: { debug() {}, info() {}, warn: (facts) => void warnings.push(facts), error() {} },
  });
  return () => restore[Symbol.dispose]();
});

const textOf = (topicId: string | undefined, handledAhead = HandledAhead.none, offset = 0) =>
  formatCommitMetadata({ topicId, counts: undefined, handledAhead }, offset);

/** A topic `t` with one partition from 0 to 100, of which a group has committed what a test says. */
function groupAt(
  committed: { offset: number; metadata: string | null } | undefined,
  state = 'Stable',
  subscribed: readonly string[] = [],
) {
  const partitions = { t: 1 };
  const members = subscribed.map((topic) => ({ memberMetadata: encodeSubscription([topic]) }));
  const topicIds = { t: newId as string };
  let commit = committed;
  const coordinator = fakeCoordinator({
    offsetFetch: async () =>
      commit === undefined ? [] : [{ topic: 't', partition: 0, leaderEpoch: -1, errorCode: 0, ...commit }],
    offsetCommit: async ({ topics }: Parameters<GroupCoordinator['offsetCommit']>[0]) => {
      const [partition] = topics[0]?.partitions ?? [];
      if (partition !== undefined) commit = partition;
    },
    describeGroup: async () => ({ state, members }) as unknown as GroupDescription,
  });
  const driver = fakeDriver({
    topics: partitions,
    topicIds,
    offsets: { 0: { earliest: 0, latest: 100 }, 1: { earliest: 0, latest: 40 } },
  });
  const options = { driver, coordinator, startFrom: 'resume', maxDeliveries: 10 } as const;
  return {
    startOffsets: new StartOffsets(options),
    driver,
    topicIds,
    partitions,
    deleteCommits: () => (commit = undefined),
    committed: () => commit,
  };
}

async function start(startOffsets: StartOffsets) {
  await startOffsets.fix(['t']);
  const { positions } = await startOffsets.positionsIn(new Map([['t', [0]]]), member);
  return positions[0];
}

describe('a topic that was deleted and created again', () => {
  it('is read from the beginning when the commit is of the old one, however many events it has', async () => {
    const { startOffsets } = groupAt({ offset: 15, metadata: textOf(oldId) });
    expect(await start(startOffsets)).toStrictEqual({
      ...{ fullTopic: 't', topicId: newId, partition: 0, offset: 0, metadata: null },
    });
    expect(lost).toMatchObject([{ lane: 't:0', groupId: 'g', reason: 'topic-recreated' }]);
  });

  it('is resumed where it was when the commit is of this one, without looking at its end', async () => {
    const { startOffsets } = groupAt({ offset: 500, metadata: textOf(newId) });
    expect(await start(startOffsets)).toMatchObject({ offset: 500, metadata: textOf(newId) });
    expect(lost).toStrictEqual([]);
  });

  it('is distinguished from one whose id another member has noticed earlier', async () => {
    const { startOffsets, driver, topicIds } = groupAt({ offset: 15, metadata: textOf(newId) });
    topicIds.t = oldId as string; // the metadata of this member are old
    driver.refreshMetadata = async () => {
      topicIds.t = newId as string;
    };
    expect(await start(startOffsets)).toMatchObject({ topicId: newId, offset: 15 });
    expect(lost).toStrictEqual([]);
  });

  it.each([
    [101, 0],
    [100, 100],
    [15, 15],
  ])('is told by its end from a commit without an id: of %i, it starts at %i', async (offset, expected) => {
    const { startOffsets } = groupAt({ offset, metadata: '' });
    expect(await start(startOffsets)).toMatchObject({ offset: expected });
    expect(lost).toHaveLength(offset === expected ? 0 : 1);
  });

  it('is read from the beginning when Kafka has deleted the position of a running member', async () => {
    const { startOffsets, deleteCommits, committed } = groupAt({ offset: 15, metadata: textOf(newId) });
    await start(startOffsets);
    deleteCommits();
    expect(await start(startOffsets)).toMatchObject({ offset: 0 });
    expect(committed()).toMatchObject({ offset: 0, metadata: textOf(newId) });
    expect(lost).toMatchObject([{ lane: 't:0', reason: 'topic-recreated' }]);
  });

  it('is read from the beginning by the member that had found the group new on the old one, added partitions too', async () => {
    const { startOffsets, deleteCommits, topicIds, partitions } = groupAt(undefined, 'Dead');
    topicIds.t = oldId as string;
    expect(await start(startOffsets)).toMatchObject({ offset: 100 });
    deleteCommits();
    topicIds.t = newId as string;
    partitions.t = 2;
    await startOffsets.fix(['t']);
    const { positions: again } = await startOffsets.positionsIn(new Map([['t', [0, 1]]]), member);
    expect(again).toMatchObject([{ offset: 0 }, { offset: 0 }]);
    expect(lost).toMatchObject([{ lane: 't:0' }, { lane: 't:1' }]);
  });

  it('is read from the beginning where one commit of the old one arrives late, and the others are deleted', async () => {
    const { startOffsets, topicIds, partitions } = groupAt({ offset: 6, metadata: textOf(oldId) });
    topicIds.t = oldId as string;
    await start(startOffsets);
    topicIds.t = newId as string;
    partitions.t = 2;
    await startOffsets.fix(['t']);
    const { positions: again } = await startOffsets.positionsIn(new Map([['t', [0, 1]]]), member);
    expect(again).toMatchObject([{ offset: 0 }, { offset: 0 }]);
  });

  it('is read from the beginning by a member that joins others that read it', async () => {
    const { startOffsets } = groupAt(undefined, 'Stable', ['other', 't']);
    expect(await start(startOffsets)).toMatchObject({ offset: 0 });
    expect(lost).toHaveLength(1);
  });

  it('is new to a group whose members read other topics', async () => {
    const { startOffsets } = groupAt(undefined, 'Stable', ['other']);
    expect(await start(startOffsets)).toMatchObject({ offset: 100 });
    expect(lost).toStrictEqual([]);
  });

  it('is read from the beginning when Kafka knows the group, which has no position any more', async () => {
    const { startOffsets } = groupAt(undefined, 'Empty');
    expect(await start(startOffsets)).toMatchObject({ offset: 0 });
    expect(lost).toHaveLength(1);
  });

  it('looks like a new one to a group that Kafka does not know: what it skips is stated', async () => {
    const { startOffsets, committed } = groupAt(undefined, 'Dead');
    expect(await start(startOffsets)).toMatchObject({ offset: 100 });
    expect(committed()).toMatchObject({ offset: 100, metadata: textOf(newId) });
    expect(warnings).toMatchObject([{ topic: 't', groupId: 'g', count: 100 }]);
  });
});

describe('what a commit states of events behind it', () => {
  const ahead = (last: number) => HandledAhead.none.add(new Set([last]), [10, last]);

  it('counts as nothing when there are no such events', async () => {
    const metadata = textOf(newId, ahead(100), 10);
    const { startOffsets } = groupAt({ offset: 10, metadata });
    expect(await start(startOffsets)).toMatchObject({ offset: 10, metadata: null });
  });

  it('is kept when there are', async () => {
    const metadata = textOf(newId, ahead(99), 10);
    const { startOffsets } = groupAt({ offset: 10, metadata });
    expect(await start(startOffsets)).toMatchObject({ offset: 10, metadata });
  });
});
