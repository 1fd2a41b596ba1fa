import { describe, expect, it, vi } from 'vitest';
import { makeTopics } from './make-topics.js';

const ends = [{ partition: 0, offset: '0', high: '0', low: '0' }];

function adminThatHears(...answers: readonly (typeof ends | Error)[]) {
  const left = [...answers];
  const fetchTopicOffsets = vi.fn(async () => {
    const answer = left.shift() ?? ends;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { createTopics: vi.fn(async () => true), fetchTopicOffsets };
}

describe('makeTopics', () => {
  it('waits for a broker that has not heard of a new topic, and for its leader', async () => {
    const unheard = Object.assign(new Error('not hosted here'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' });
    const notYet = new Error('tried often', { cause: { type: 'NOT_LEADER_FOR_PARTITION' } });
    const admin = adminThatHears(unheard, notYet, [], ends);
    await makeTopics(admin, [{ topic: 'orders', numPartitions: 1 }]);
    expect(admin.createTopics).toHaveBeenCalledExactlyOnceWith({
      topics: [{ topic: 'orders', numPartitions: 1 }],
      waitForLeaders: false,
    });
    expect(admin.fetchTopicOffsets).toHaveBeenCalledTimes(4);
  });

  it('waits for each of them', async () => {
    const admin = adminThatHears([], ends, [], ends);
    await makeTopics(admin, [{ topic: 'orders' }, { topic: 'users' }]);
    expect(admin.fetchTopicOffsets.mock.calls).toEqual([['orders'], ['orders'], ['users'], ['users']]);
  });

  it('fails as the broker does', async () => {
    const refused = Object.assign(new Error('not for you'), { type: 'TOPIC_AUTHORIZATION_FAILED' });
    await expect(makeTopics(adminThatHears(refused), [{ topic: 'orders' }])).rejects.toBe(refused);
  });
});
