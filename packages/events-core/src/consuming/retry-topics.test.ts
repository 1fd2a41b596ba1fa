import { describe, expect, it } from 'vitest';
import type { Header } from '../wire/message.js';
import { RetryTopics } from './retry-topics.js';
import type { Delivery } from './types/delivery.js';

const topics = new RetryTopics({ topics: ['orders'], topicPrefix: 'dev', groupId: 'mail' });

function delivery(topic: string, headers: Record<string, string> = {}): Delivery {
  const pairs = Object.entries(headers).map(([name, text]): Header => [name, Buffer.from(text)]);
  return {
    message: { topic, key: null, value: Buffer.from('{}'), headers: pairs },
    lane: `${topic}/0`,
    ordinal: 3,
    position: '0:3',
    deliveryCount: 1,
    abortSignal: new AbortController().signal,
  };
}

const redriven = { 'dlq-source': 'dev-orders@0:17', 'dlq-group': 'mail' };

describe('RetryTopics', () => {
  it('makes a delivery of a retry topic one of the topic and position where the event was first', () => {
    const given = delivery('dev-orders.mail.retry', redriven);
    const [resolved] = topics.resolve([given]);
    expect(resolved).toEqual({
      ...given,
      message: { ...given.message, topic: 'dev-orders' },
      position: '0:17',
    });
  });

  it('leaves deliveries of other topics as they are', () => {
    const given = [delivery('dev-orders', redriven), delivery('dev-orders.other.retry', redriven)];
    expect(topics.resolve(given)).toBe(given);
  });

  it.each([
    ['another group', { ...redriven, 'dlq-group': 'web' }],
    ['another topic', { ...redriven, 'dlq-source': 'dev@0:17' }],
  ])('marks what was redriven for %s whose names make the same retry topic', (_, headers) => {
    const [resolved] = topics.resolve([delivery('dev-orders.mail.retry', headers)]);
    expect(resolved).toMatchObject({ isOfOtherGroup: true, position: '0:3' });
  });

  it.each([{}, { 'dlq-source': 'nowhere' }])('leaves what was not redriven as it is: %o', (headers) => {
    const given = delivery('dev-orders.mail.retry', headers);
    expect(topics.resolve([given])[0]).toBe(given);
  });

  it('leaves a retry topic alone that the consumer reads as a topic', () => {
    const both = new RetryTopics({
      topics: ['orders', 'orders.mail.retry'],
      topicPrefix: undefined,
      groupId: 'mail',
    });
    const given = [delivery('orders.mail.retry', { ...redriven, 'dlq-source': 'orders@0:17' })];
    expect(both.resolve(given)).toBe(given);
  });
});
