import { describe, expect, it, vi } from 'vitest';
import { fakeDriver } from './fake-driver.test-support.js';
import { SubscribedTopics } from './subscribed-topics.js';

function subscribed(existing: Record<string, number>, refused: Record<string, Error> = {}) {
  const [awaitTopic, setPart] = [vi.fn(), vi.fn()];
  const topics = new SubscribedTopics({
    driver: fakeDriver({ topics: existing, refused }),
    fullTopics: ['orders', 'grades'],
    retryTopics: ['orders.mail.retry'],
    startOffsets: { awaitTopic },
    failures: { setPart },
  });
  const failing = () =>
    Object.fromEntries(setPart.mock.calls.map(([part, error]) => [part, error?.message])) as Record<
      string,
      unknown
    >;
  return { topics, awaitTopic, failing };
}

describe('SubscribedTopics', () => {
  it('subscribes to the topics that exist and names the one that is missing, until it is created', async () => {
    const existing: Record<string, number> = { orders: 2 };
    const { topics, awaitTopic, failing } = subscribed(existing);
    await topics.look();
    expect(topics.existing).toEqual(['orders']);
    expect(awaitTopic.mock.calls).toEqual([['grades']]);
    expect(failing()['topic grades']).toMatch(/^topic grades does not exist yet/);
    expect([topics.isWaiting, topics.partitionCount, await topics.hasMore()]).toEqual([true, 2, false]);
    existing.grades = 3;
    expect(await topics.hasMore()).toBe(true);
    await topics.look();
    expect(topics.existing).toEqual(['orders', 'grades']);
    expect(failing()['topic grades']).toBeUndefined();
    expect([topics.isWaiting, topics.partitionCount]).toEqual([false, 5]);
  });

  it('subscribes to the other topics when Kafka refuses one, and does not regard its events as new later', async () => {
    const refused: Record<string, Error> = { grades: new Error('TOPIC_AUTHORIZATION_FAILED') };
    const { topics, awaitTopic, failing } = subscribed({ orders: 2 }, refused);
    await topics.look();
    expect(topics.existing).toEqual(['orders']);
    expect(failing()['topic grades']).toBe('TOPIC_AUTHORIZATION_FAILED');
    expect(awaitTopic).not.toHaveBeenCalled();
    refused.orders = new Error('not this one either');
    await expect(topics.look()).rejects.toThrow(
      /TOPIC_AUTHORIZATION_FAILED; not this one|not this one.*; TOPIC/,
    );
  });

  it('subscribes to a retry topic once it exists, and does not miss it before', async () => {
    const existing: Record<string, number> = { orders: 2, grades: 1 };
    const { topics, awaitTopic, failing } = subscribed(existing);
    await topics.look();
    expect(topics.existing).toEqual(['orders', 'grades']);
    expect([topics.isWaiting, await topics.hasNewRetryTopic()]).toEqual([false, false]);
    existing['orders.mail.retry'] = 2;
    expect(await topics.hasNewRetryTopic()).toBe(true);
    await topics.look();
    expect(topics.existing).toEqual(['orders', 'grades', 'orders.mail.retry']);
    expect(await topics.hasNewRetryTopic()).toBe(false);
    expect(awaitTopic).not.toHaveBeenCalled();
    expect(Object.values(failing()).filter((reason) => reason !== undefined)).toEqual([]);
  });

  it('waits while none of the topics exists, and names them all', async () => {
    const { topics } = subscribed({});
    await expect(topics.look()).rejects.toThrow(/topic orders does not exist.*topic grades does not exist/);
  });

  it('reads what exists of an assignment, and the rest once that exists, too', async () => {
    const existing: Record<string, number> = { orders: 1, grades: 1 };
    const { topics, failing } = subscribed(existing);
    await topics.look();
    const assigned = new Map([['orders', [0, 1]]]);
    expect(await topics.accept(assigned)).toEqual(new Map([['orders', [0]]]));
    expect(failing().assignment).toMatch(/orders \(1 of 2\)$/);
    expect([topics.isWaiting, await topics.hasMore()]).toEqual([true, false]);
    existing.orders = 2;
    expect(await topics.hasMore()).toBe(true);
    expect(await topics.accept(assigned)).toEqual(assigned);
    expect([topics.isWaiting, failing().assignment]).toEqual([false, undefined]);
  });
});
