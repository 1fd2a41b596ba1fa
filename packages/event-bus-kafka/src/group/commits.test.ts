import { describe, expect, it, vi } from 'vitest';
import { Commits } from './commits.js';
import type { DriverBroker, DriverMember } from './driver.js';
import { brokerError, fakeGroupCluster } from './fake-group-cluster.test-support.js';
import { Lane } from './lane.js';

const member: DriverMember = { groupId: 'g', groupGenerationId: 3, memberId: 'me' };

function commitsWith(
  offsetCommit: DriverBroker['offsetCommit'],
  memberNow: () => DriverMember | undefined = () => member,
) {
  const onExpelled = vi.fn();
  const commits = new Commits({
    cluster: fakeGroupCluster({ broker: { offsetCommit } }),
    member: memberNow,
    onExpelled,
  });
  return { commits, onExpelled };
}

describe('Commits', () => {
  const first = new Lane('t', 0, 0, 0);
  const second = new Lane('t', 1, 0, 0);

  it('says who commits what', async () => {
    const offsetCommit = vi.fn(async () => {});
    await commitsWith(offsetCommit).commits.commit(first, 7);
    const partitions = [{ partition: 0, offset: '7' }];
    expect(offsetCommit).toHaveBeenCalledExactlyOnceWith({ ...member, topics: [{ topic: 't', partitions }] });
    expect([...first.commits]).toContain(7);
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
            { partition: 0, offset: '3' },
            { partition: 1, offset: '5' },
          ],
        },
      ],
    });
    expect(offsetCommit).toHaveBeenCalledTimes(2);
  });

  it('asks nobody while it is no member', async () => {
    const offsetCommit = vi.fn(async () => {});
    await commitsWith(offsetCommit, () => undefined).commits.commit(first, 1);
    expect(offsetCommit).not.toHaveBeenCalled();
  });

  it.each(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'])(
    'takes %s as the word that others have the lane',
    async (type) => {
      const { commits, onExpelled } = commitsWith(async () => {
        throw brokerError(type);
      });
      await commits.commit(first, 1);
      expect(onExpelled).toHaveBeenCalledOnce();
    },
  );

  it('rejects for those who asked when the coordinator is away, and asks it again for the next', async () => {
    const offsetCommit = vi
      .fn<DriverBroker['offsetCommit']>()
      .mockRejectedValueOnce(brokerError('COORDINATOR_LOAD_IN_PROGRESS'))
      .mockResolvedValueOnce(undefined);
    const { commits, onExpelled } = commitsWith(offsetCommit);
    await expect(commits.commit(first, 1)).rejects.toThrow('COORDINATOR_LOAD_IN_PROGRESS');
    await commits.commit(first, 2);
    expect(onExpelled).not.toHaveBeenCalled();
  });
});
