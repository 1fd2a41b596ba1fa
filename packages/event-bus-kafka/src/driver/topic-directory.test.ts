import { describe, expect, it } from 'vitest';
import type { ClusterMetadata, TopicMetadata } from './protocol/metadata.js';
import { TopicDirectory } from './topic-directory.js';

const topic = (name: string, errorCode = 0): TopicMetadata => ({
  topic: name,
  topicId: undefined,
  errorCode,
  partitions: [],
});
const cluster = (...topics: TopicMetadata[]): ClusterMetadata => ({
  brokers: [{ nodeId: 1, host: 'b', port: 9092, rack: null }],
  clusterId: null,
  controllerId: 1,
  topics,
  errorCode: 0,
});

describe('TopicDirectory', () => {
  it('lists the topics to ask about, each once', () => {
    const directory = new TopicDirectory();
    for (const name of ['orders', 'grades', 'orders']) directory.add(name);
    expect(directory.names).toStrictEqual(['orders', 'grades']);
    expect(directory.isKnown('orders')).toBe(false);
  });

  it('finds the topics of the last refresh', () => {
    const directory = new TopicDirectory();
    const orders = topic('orders');
    directory.update(cluster(orders));
    expect(directory.get('orders')).toBe(orders);
    expect(directory.isFound('orders')).toBe(true);
    expect(directory.isMissing('orders')).toBe(false);
    expect(directory.brokers).toHaveLength(1);
  });

  it('reports a topic as missing whose name no topic can have', () => {
    const directory = new TopicDirectory();
    directory.update(cluster(topic('my orders', 17)));
    expect(directory.isMissing('my orders')).toBe(true);
  });

  it('reports a topic that does not exist as missing, before and after a refresh', () => {
    const directory = new TopicDirectory();
    expect(directory.isMissing('orders')).toBe(true);
    directory.update(cluster(topic('orders', 3)));
    expect(directory.isMissing('orders')).toBe(true);
    expect(directory.isKnown('orders')).toBe(true);
    expect(directory.get('orders')).toBeUndefined();
  });

  it('throws the error of a topic that may not be read instead of reporting it as missing', () => {
    const directory = new TopicDirectory();
    directory.update(cluster(topic('orders', 29)));
    expect(() => directory.isMissing('orders')).toThrow('TOPIC_AUTHORIZATION_FAILED');
  });

  it('keeps the metadata of a topic that was deleted, and reports that it is gone', () => {
    const directory = new TopicDirectory();
    const orders = topic('orders');
    directory.update(cluster(orders));
    directory.update(cluster(topic('orders', 3)));
    expect(directory.get('orders')).toBe(orders);
    expect(directory.isFound('orders')).toBe(false);
    expect(directory.isMissing('orders')).toBe(true);
  });

  it('does not ask about every topic that operators have named, nor keep its metadata', () => {
    const directory = new TopicDirectory();
    directory.add('topic-0');
    for (let number = 0; number < 15_000; number += 1) {
      directory.addDescribed(`topic-${number}`);
      directory.update(cluster(topic(`topic-${number}`)));
    }
    expect(directory.names).toHaveLength(10_001);
    expect(directory.names).toContain('topic-14999');
    expect(directory.isFound('topic-14999')).toBe(true);
    expect(directory.isKnown('topic-1')).toBe(false);
    expect(directory.get('topic-1')).toBeUndefined();
    expect(directory.isFound('topic-0')).toBe(true); // it was added for good
  });

  it('does not keep the late answers for topics that are not asked about any more', () => {
    const directory = new TopicDirectory();
    const names = Array.from({ length: 40_000 }, (_, number) => `topic-${number}`);
    for (const name of names) directory.addDescribed(name);
    for (const name of names) directory.update(cluster(topic(name)));
    expect(names.filter((name) => directory.isKnown(name)).length).toBeLessThanOrEqual(20_000);
    expect(names.slice(-10_000).every((name) => directory.isFound(name))).toBe(true);
  });
});
