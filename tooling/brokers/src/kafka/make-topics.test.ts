import { describe, expect, it, vi } from 'vitest';
import { makeTopics } from './make-topics.js';

const partition = (leader: number) => ({
  partitionId: 0,
  leader,
  replicas: [0],
  isr: [0],
  partitionErrorCode: 0,
});
const led = (leader: number) => ({ topics: [{ name: 'orders', partitions: [partition(leader)] }] });

function adminThatSees(...answers: readonly (ReturnType<typeof led> | Error)[]) {
  const left = [...answers];
  const fetchTopicMetadata = vi.fn(async () => {
    const answer = left.shift() ?? led(0);
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { createTopics: vi.fn(async () => true), fetchTopicMetadata };
}

describe('makeTopics', () => {
  it('waits for a broker that has not heard of a new topic, and for its leader', async () => {
    const unheard = Object.assign(new Error('not hosted here'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' });
    const wrapped = new Error('tried often', { cause: { type: 'LEADER_NOT_AVAILABLE' } });
    const admin = adminThatSees(unheard, wrapped, led(-1), led(0));
    await makeTopics(admin, [{ topic: 'orders', numPartitions: 1 }]);
    expect(admin.createTopics).toHaveBeenCalledExactlyOnceWith({
      topics: [{ topic: 'orders', numPartitions: 1 }],
      waitForLeaders: false,
    });
    expect(admin.fetchTopicMetadata).toHaveBeenCalledTimes(4);
  });

  it('fails as the broker does', async () => {
    const refused = Object.assign(new Error('not for you'), { type: 'TOPIC_AUTHORIZATION_FAILED' });
    await expect(makeTopics(adminThatSees(refused), [{ topic: 'orders' }])).rejects.toBe(refused);
  });
});
