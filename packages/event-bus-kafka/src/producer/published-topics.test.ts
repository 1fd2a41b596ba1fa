import { deferred, type Message } from '@openedx-ts/events-core/bus';
import { describe, expect, it, vi } from 'vitest';
import { resolveProducerOptions } from '../options/kafka-options.js';
import { CurrentSession } from './current-session.js';
import { FakeKafka } from './fake-kafka.test-support.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { ProducerIdentity } from './producer-identity.js';
import { PublishedTopics } from './published-topics.js';

const options = resolveProducerOptions({
  bootstrapServers: 'localhost:1',
  schemaRegistry: { url: 'http://localhost:1' },
  allowAutoTopicCreation: false,
});
const publisherOf = (kafka: FakeKafka) =>
  new KafkaPublisher({ ...options, partitioner: 'crc32' }, kafka.openSession);
const message = (topic: string, value: string): Message => ({
  topic,
  key: Buffer.from('k'),
  value: Buffer.from(value),
  headers: [],
});
const courses = Array.from({ length: 2_000 }, (_, number) => `course-${number}`);

describe('PublishedTopics', () => {
  it('keeps no topic of each that a program has made up', () => {
    const identity = new ProducerIdentity(true);
    const session = new CurrentSession(new FakeKafka().openSession);
    const topics = new PublishedTopics({
      session,
      identity,
      openBatches: new WeakMap(),
      compression: undefined,
      allowAutoTopicCreation: false,
      deliveryTimeoutMs: 1_000,
    });
    for (const topic of courses) {
      topics.enter(topic);
      topics.partition(topic, 0);
      topics.leave(topic);
    }
    expect(topics.size).toBeLessThanOrEqual(1_000);
  });

  it('loses and doubles no event of a topic that was forgotten and is published to again', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    for (const [round, value] of ['a', 'b', 'c'].entries())
      for (const topic of courses)
        expect(await publisher.publish([message(topic, value)])).toEqual([{ position: `0:${round}` }]);
    expect(kafka.stored('course-0')).toEqual(['a', 'b', 'c']);
    expect(kafka.seen).toHaveLength(6_000); // no batch was sent a second time
  });

  it('keeps a topic of which a batch waits until it is known what became of it', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    const first = message('t', 'a');
    kafka.faults.push('requestLost');
    await publisher.publish([first]);
    for (const topic of courses) await publisher.publish([message(topic, 'a')]);
    expect(await publisher.publish([message('t', 'b')])).toEqual([{ position: '0:1' }]);
    expect(await publisher.publish([first])).toEqual([{ position: '0:0' }]);
    expect(kafka.stored('t')).toEqual(['a', 'b']);
  });

  it('keeps a topic whose request has no answer yet', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    const answered = deferred();
    kafka.hanging.set(0, answered.promise);
    const hanging = publisher.publish([message('t', 'a')]);
    await vi.waitFor(() => expect(kafka.seen).toHaveLength(1));
    kafka.hanging.clear();
    for (const topic of courses) await publisher.publish([message(topic, 'a')]);
    const next = publisher.publish([message('t', 'b')]);
    await publisher.publish([message('course-0', 'b')]);
    expect(kafka.stored('t')).toEqual([]);
    answered.resolve();
    expect(await Promise.all([hanging, next])).toEqual([[{ position: '0:0' }], [{ position: '0:1' }]]);
  });
});
