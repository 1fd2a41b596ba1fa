import { deferred } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { LeadersOfTopics } from './leaders-of-topics.js';

const TOPIC_AUTHORIZATION_FAILED = 29;
const led = (topic: string) => metadata(topic, 0);
const denied = (topic: string) => metadata(topic, TOPIC_AUTHORIZATION_FAILED);

describe('LeadersOfTopics', () => {
  it('keeps the leaders of a topic, and reads them again once they are forgotten', async () => {
    const topics = new LeadersOfTopics();
    let reads = 0;
    const refresh = async () => {
      reads += 1;
      topics.update([led('a')]);
    };
    expect(await topics.get('a', refresh)).toEqual({ errorCode: 0, leaders: [1] });
    expect(topics.get('a', refresh)).toEqual({ errorCode: 0, leaders: [1] });
    expect(reads).toBe(1);
    topics.forget('a');
    await topics.get('a', refresh);
    expect(reads).toBe(2);
    expect(topics.beingRead).toEqual([]);
  });

  it('keeps no error, also when another refresh reports it once more after the answer', async () => {
    const topics = new LeadersOfTopics();
    const late = deferred();
    const first = topics.get('a', async () => topics.update([denied('a')]));
    const asked = topics.beingRead; // by the refresh for b, too
    const other = topics.get('b', async () => {
      await late.promise;
      topics.update([...asked.map(denied), led('b')]);
    });
    expect(await first).toEqual({ errorCode: TOPIC_AUTHORIZATION_FAILED, leaders: [] });
    late.resolve();
    expect(await other).toEqual({ errorCode: 0, leaders: [1] });
    expect(await topics.get('a', async () => topics.update([led('a')]))).toEqual({
      errorCode: 0,
      leaders: [1],
    });
  });

  it('refreshes again when the refresh that was under way had not asked about the topic', async () => {
    const topics = new LeadersOfTopics();
    const answers = [[led('b')], [led('a')]];
    const leaders = topics.get('a', async () => topics.update(answers.shift() ?? []));
    expect(await leaders).toEqual({ errorCode: 0, leaders: [1] });
    expect(answers).toEqual([]);
  });

  it('keeps no leaders of each topic that a program has made up, and reads them again', async () => {
    const topics = new LeadersOfTopics();
    let reads = 0;
    const refresh = async () => {
      reads += 1;
      topics.update(topics.beingRead.map(led));
    };
    for (let number = 0; number < 10_001; number += 1) await topics.get(`course-${number}`, refresh);
    await topics.get('course-10000', refresh);
    expect(reads).toBe(10_001);
    await topics.get('course-0', refresh);
    expect(reads).toBe(10_002);
  });

  it('reads a topic once for all who wait for it, and fails them all', async () => {
    const topics = new LeadersOfTopics();
    const failing = topics.get('a', () => Promise.reject(new Error('no broker')));
    expect(topics.get('a', () => Promise.reject(new Error('not asked')))).toBe(failing);
    await expect(failing).rejects.toThrow('no broker');
    expect(topics.beingRead).toEqual([]);
  });
});

function metadata(topic: string, errorCode: number) {
  const partition = { partition: 0, leader: 1, leaderEpoch: 0, replicas: [1], inSyncReplicas: [1] };
  return { topic, topicId: undefined, errorCode, partitions: errorCode === 0 ? [partition] : [] };
}
