import { configureEvents } from '@openedx-ts/events-core';
import { describe, expect, it, vi } from 'vitest';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import type { GroupMemberId } from '../driver/protocol/offset-commit.js';
import { parseCommitMetadata } from './commit-metadata.js';
import { Commits } from './commits.js';
import { DeliveryTally } from './delivery-tally.js';
import { brokerError, fakeCoordinator } from './fake-driver.test-support.js';
import { HandledAhead } from './handled-ahead.js';
import { Lane } from './lane.js';

const member: GroupMemberId = { groupId: 'g', generationId: 3, memberId: 'me' };

function commitsWith(
  offsetCommit: GroupCoordinator['offsetCommit'],
  memberNow: () => GroupMemberId | undefined = () => member,
  refused: ReadonlyMap<string, Error> = new Map(),
) {
  const onExpelled = vi.fn();
  const commits = new Commits({
    coordinator: fakeCoordinator({
      offsetCommitByTopic: async (query) => {
        await offsetCommit(query);
        return refused;
      },
    }),
    member: memberNow,
    onExpelled,
  });
  return { commits, onExpelled };
}

describe('Commits', () => {
  const first = new Lane({ fullTopic: 't', partition: 0, committed: 0, handled: 0 });
  const second = new Lane({ fullTopic: 't', partition: 1, committed: 0, handled: 0 });

  it('commits as this member', async () => {
    const offsetCommit = vi.fn(async () => {});
    await commitsWith(offsetCommit).commits.commit(first, 7);
    const partitions = [{ partition: 0, offset: 7, metadata: null }];
    expect(offsetCommit).toHaveBeenCalledExactlyOnceWith({ ...member, topics: [{ topic: 't', partitions }] });
    expect(first.written.offsets).toContain(7);
  });

  it('sends together what comes while a request is on its way, the latest of each lane', async () => {
    const answers: (() => void)[] = [];
    const offsetCommit = vi.fn((_: object) => new Promise<void>((resolve) => answers.push(resolve)));
    const { commits } = commitsWith(offsetCommit);
    const done = [commits.commit(first, 1)];
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    done.push(commits.commit(first, 2), commits.commit(second, 5), commits.commit(first, 3));
    answers[0]?.();
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.();
    await Promise.all(done);
    expect(offsetCommit.mock.calls[1]?.[0]).toMatchObject({
      topics: [
        {
          partitions: [
            { partition: 0, offset: 3 },
            { partition: 1, offset: 5 },
          ],
        },
      ],
    });
    expect(offsetCommit).toHaveBeenCalledTimes(2);
  });

  it('sends nothing while it is no member', async () => {
    const offsetCommit = vi.fn(async () => {});
    await commitsWith(offsetCommit, () => undefined).commits.commit(first, 1);
    expect(offsetCommit).not.toHaveBeenCalled();
  });

  it('sends nothing of an earlier assignment, whose partition may be another member’s by now', async () => {
    const answers: (() => void)[] = [];
    const offsetCommit = vi.fn((_: object) => new Promise<void>((resolve) => answers.push(resolve)));
    let generationId = 3;
    const { commits } = commitsWith(offsetCommit, () => ({ ...member, generationId }));
    const lane = new Lane({ fullTopic: 't', partition: 0, committed: 0, handled: 0 });
    const done = [commits.commit(lane, 1)];
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    done.push(commits.commit(lane, 2)); // waits for the answer, which comes after the drain has timed out
    generationId = 4;
    answers[0]?.();
    await Promise.all(done);
    expect(offsetCommit).toHaveBeenCalledTimes(1);
  });

  it('sends nothing of a topic that was deleted', async () => {
    const offsetCommit = vi.fn(async () => {});
    const { commits } = commitsWith(offsetCommit);
    const lane = new Lane({ fullTopic: 't', partition: 0, committed: 0, handled: 0 });
    lane.isOfDeletedTopic = true;
    await commits.commit(lane, 1);
    expect(offsetCommit).not.toHaveBeenCalled();
  });

  it('keeps less behind the offset when the broker accepts only short texts, and logs that once', async () => {
    const warn = vi.fn();
    using _ = configureEvents({ logger: { debug() {}, info() {}, warn, error() {} } });
    const texts: string[] = [];
    const { commits } = commitsWith(async ({ topics }) => {
      const text = topics[0]?.partitions[0]?.metadata ?? '';
      if (text.length > 200) throw brokerError('OFFSET_METADATA_TOO_LARGE');
      texts.push(text);
    });
    const offsets = Array.from({ length: 1_000 }, (_, offset) => offset);
    const odd = new Set(offsets.filter((offset) => offset % 2 === 1));
    const handledAhead = HandledAhead.none.add(odd, offsets);
    const lane = new Lane({ fullTopic: 't', partition: 0, committed: 0, handled: 0, handledAhead });
    await commits.commit(lane, 0);
    await commits.commit(lane, 0);
    const read = parseCommitMetadata(texts[0] ?? null, 0, 10)?.handledAhead;
    expect([read?.has(1), read?.has(999)]).toStrictEqual([true, false]);
    expect(texts).toHaveLength(2);
    expect(warn).toHaveBeenCalledOnce();
  });

  it.each(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'])(
    'treats %s as the end of its assignment',
    async (type) => {
      const { commits, onExpelled } = commitsWith(async () => {
        throw brokerError(type);
      });
      await commits.commit(first, 1);
      expect(onExpelled).toHaveBeenCalledOnce();
    },
  );

  it('rejects while the coordinator is unavailable, and asks it again for the next commit', async () => {
    const offsetCommit = vi
      .fn<GroupCoordinator['offsetCommit']>()
      .mockRejectedValueOnce(brokerError('COORDINATOR_LOAD_IN_PROGRESS'))
      .mockResolvedValueOnce(undefined);
    const { commits, onExpelled } = commitsWith(offsetCommit);
    await expect(commits.commit(first, 1)).rejects.toThrow('COORDINATOR_LOAD_IN_PROGRESS');
    await commits.commit(first, 2);
    expect(onExpelled).not.toHaveBeenCalled();
  });

  it('rejects for the lanes of a topic that Kafka refuses, and for no others', async () => {
    const refused = new Map([['secret', new Error('TOPIC_AUTHORIZATION_FAILED')]]);
    const { commits } = commitsWith(
      async () => {},
      () => member,
      refused,
    );
    const secret = new Lane({ fullTopic: 'secret', partition: 0, committed: 0, handled: 0 });
    const outcomes = await Promise.allSettled([commits.commit(secret, 1), commits.commit(first, 1)]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'EVENTS_INFRASTRUCTURE' } },
      { status: 'fulfilled' },
    ]);
  });

  it('commits with each offset the count of deliveries as of when the request is sent', async () => {
    const offsetCommit = vi.fn(async (_: object) => {});
    const { commits } = commitsWith(offsetCommit);
    const lane = countingLane();
    const noted = commits.commitCounts(lane);
    lane.take(10);
    await noted;
    lane.acknowledge([4]);
    await commits.commit(lane, 5);
    lane.acknowledge([5]);
    await commits.commit(lane, 6);
    const sent = offsetCommit.mock.calls.map(([request]) => request);
    expect(sent).toMatchObject([
      { topics: [{ partitions: [{ offset: 4, metadata: 'openedx/1 deliveries=1 through=5' }] }] },
      { topics: [{ partitions: [{ offset: 5, metadata: 'openedx/1 deliveries=1 through=5' }] }] },
      { topics: [{ partitions: [{ offset: 6, metadata: null }] }] },
    ]);
  });

  it('commits without counts when the broker refuses them, and logs that once', async () => {
    const warn = vi.fn();
    using _ = configureEvents({ logger: { debug() {}, info() {}, warn, error() {} } });
    const offsetCommit = vi.fn(async (request: object) => {
      if (JSON.stringify(request).includes('openedx/1')) throw brokerError('OFFSET_METADATA_TOO_LARGE');
    });
    const { commits } = commitsWith(offsetCommit);
    const lane = countingLane();
    lane.take(10);
    lane.acknowledge([4]);
    await commits.commit(lane, 5);
    expect(offsetCommit).toHaveBeenCalledTimes(2);
    expect(commits.commitCounts(lane)).toBeUndefined();
    await commits.commit(lane, 5);
    expect(offsetCommit).toHaveBeenCalledTimes(3);
    expect(warn).toHaveBeenCalledOnce();
  });

  it('continues when counts cannot be committed, and logs that once', async () => {
    const warn = vi.fn();
    using _ = configureEvents({ logger: { debug() {}, info() {}, warn, error() {} } });
    const { commits } = commitsWith(async () => {
      throw brokerError('COORDINATOR_NOT_AVAILABLE');
    });
    await commits.commitCounts(countingLane());
    await commits.commitCounts(countingLane());
    expect(warn).toHaveBeenCalledOnce();
  });

  it('ends once the last commits are written, and accepts no more', async () => {
    const answers: (() => void)[] = [];
    const offsetCommit = vi.fn((_: object) => new Promise<void>((resolve) => answers.push(resolve)));
    const { commits } = commitsWith(offsetCommit);
    const done = [commits.commit(first, 1)];
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    done.push(commits.commit(second, 5));
    const ended = commits.end();
    await commits.commit(first, 2);
    answers[0]?.();
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.();
    await Promise.all([...done, ended]);
    expect(offsetCommit).toHaveBeenCalledTimes(2);
  });
});

/** With two events from 4 on. */
function countingLane(): Lane {
  const tally = new DeliveryTally({ committed: 4, before: undefined, ackEvery: 100 });
  const lane = new Lane({ fullTopic: 't', partition: 0, committed: 4, handled: 4, tally });
  const record = (offset: number) => ({
    offset,
    key: null,
    value: null,
    headers: [],
    sentAt: null,
    size: 10,
  });
  lane.add(4, [record(4), record(5)], 6);
  return lane;
}
