import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { kafkaOrReason } from '@openedx-ts/brokers';
import { createMetadata } from '@openedx-ts/events-core';
import type { Message } from '@openedx-ts/events-core/bus';
import { deadLetterQueue, readDeadLetters, redriveDeadLetters } from '@openedx-ts/events-core/operate';
import { describe, expect, it, vi } from 'vitest';
import { KafkaEventBusAdmin } from './admin/kafka-event-bus-admin.js';
import { ITEM, sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';
import { resolveProducerOptions } from './options/kafka-options.js';
import { StoredMessagePublisher } from './producer/stored-message-publisher.js';
import { readTopic } from './topic-reader.test-support.js';

const kafka = await kafkaOrReason({ own: true });

describe.skipIf(kafka.reason !== undefined)(kafka.titled('large dead letters on Kafka'), () => {
  const bench = new KafkaBench(kafka);

  const LARGE = 6_000_000;
  const deadLetter = async (topic: string): Promise<Message> => {
    const [found] = await readTopic(bench.server.bootstrapServers, bench.deadLetterTopic(topic), 1);
    return found as Message;
  };
  const namesOf = ({ headers }: Message) => headers.map(([name]) => name);
  /** Poison, then an event that arrives once the poison is a dead letter. */
  async function dieAndGoOn(topic: string, value: Uint8Array): Promise<Message> {
    const producer = bench.newProducer({ maxMessageBytes: LARGE });
    await producer.publishMessages([{ topic, key: Buffer.from('k'), value, headers: [] }]);
    await sendItem(producer, topic, 1);
    const arrived = bench.collect();
    const running = bench.newConsumer(topic).run();
    await vi.waitFor(() => expect(arrived).toEqual([1]), patient);
    void running;
    return deadLetter(topic);
  }

  it('a failing event of 2.1 MB is dead-lettered whole where its topic accepts it, though a new topic accepts 1 MB', async () => {
    const topic = await bench.newTopic(1, { 'max.message.bytes': String(LARGE) });
    const producer = bench.newProducer({ maxMessageBytes: LARGE });
    const remark = randomBytes(1_050_000).toString('hex');
    const data = { item: { name: 'a', number: 1, remark } };
    const metadata = createMetadata({ eventType: ITEM.eventType });
    await producer.send({ signal: ITEM, topic, data, metadata, eventKeyField: 'item.name' });
    await sendItem(producer, topic, 2);
    const arrived = bench.collect(({ data: { item } }) => {
      if (item.number === 1) throw new Error('never');
    });
    void bench.newConsumer(topic, { maxAttempts: 1, receiverTimeoutMs: 5_000 }).run();
    await vi.waitFor(() => expect(arrived).toEqual([2]), patient);
    expect((await deadLetter(topic)).value?.length).toBeGreaterThan(2_100_000);
  });

  it('poison of 1,048,000 bytes on a topic of default limits does not end its consumer', async () => {
    const topic = await bench.newTopic();
    const value = randomBytes(1_048_000);
    expect(Buffer.compare((await dieAndGoOn(topic, value)).value as Uint8Array, value)).toBe(0);
  });

  it('what a dead-letter topic accepts only compressed is compressed', async () => {
    const topic = await bench.newTopic();
    await bench.makeTopic(bench.deadLetterTopic(topic), { 'max.message.bytes': '100000' });
    const value = Buffer.alloc(900_000, 'text ');
    expect(Buffer.compare((await dieAndGoOn(topic, value)).value as Uint8Array, value)).toBe(0);
  });

  it('what a dead-letter topic does not accept at all is stored without its value, and redriven from its source', async () => {
    const topic = await bench.newTopic();
    await bench.makeTopic(bench.deadLetterTopic(topic), { 'max.message.bytes': '100000' });
    const value = randomBytes(900_000);
    const facts = await dieAndGoOn(topic, value);
    expect(facts.value).toBeNull();
    expect(namesOf(facts)).toEqual(expect.arrayContaining(['dlq-source', 'dlq-value-sha256']));
    await using admin = new KafkaEventBusAdmin({
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: bench.server.bootstrapServers,
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: bench.registry.url,
    });
    const queue = deadLetterQueue(admin.topics, { topic, groupId: `group-of-${topic}` });
    for await (const found of readDeadLetters(admin.topics, queue)) expect(found.omittedBytes).toBe(900_000);
    expect(await redriveDeadLetters(admin.topics, queue, { allGroups: true, all: true })).toMatchObject({
      redriven: 1,
      unfit: 0,
    });
    const messages = await readTopic(bench.server.bootstrapServers, topic, 3);
    expect(Buffer.compare(messages[2]?.value as Uint8Array, value)).toBe(0);
    expect(namesOf(messages[2] as Message)).toEqual(['dlq-redrives']);
  });

  // Only Linux reports the processor time of a thread.
  if (process.platform === 'linux') {
    it('a dead letter of 36 MB does not block the event loop for a fifth of a second', async () => {
      const topic = await bench.newTopic();
      const { bootstrapServers } = bench.server;
      const options = resolveProducerOptions({
        bootstrapServers,
        schemaRegistry: { url: bench.registry.url },
      });
      const publisher = bench.opened(
        new StoredMessagePublisher({ ...options, partitioner: 'crc32', allowAutoTopicCreation: false }),
      );
      const message = { topic, key: null, value: Buffer.alloc(36_000_000), headers: [] };
      await publisher.publish({ ...message, value: Buffer.from('connects') });
      expect(await longestTurnMs(publisher.publish(message))).toBeLessThan(200);
    });
  }

  it('a dead-letter topic that accepts nothing holds its partition, and the reason is in health', async () => {
    const topic = await bench.newTopic();
    await bench.makeTopic(bench.deadLetterTopic(topic), { 'max.message.bytes': '10' });
    const producer = bench.newProducer();
    await producer.publishMessages([{ topic, key: null, value: Buffer.from('poison'), headers: [] }]);
    const consumer = bench.newConsumer(topic);
    const running = consumer.run();
    await vi.waitFor(
      () => expect(consumer.health().reasons.join()).toMatch(/a dead letter is refused: .*MESSAGE_TOO_LARGE/),
      patient,
    );
    expect(consumer.health().live).toBe(true);
    consumer.stop();
    await running;
  });
});

/** The longest turn of the event loop until something has ended, in ms of processor time. */
async function longestTurnMs(work: Promise<unknown>): Promise<number> {
  let isOver = false;
  const ended = work.finally(() => {
    isOver = true;
  });
  let longest = 0;
  for (let before = threadCpuMs(); !isOver; ) {
    await new Promise(setImmediate);
    const now = threadCpuMs();
    longest = Math.max(longest, now - before);
    before = now;
  }
  await ended;
  return longest;
}

function threadCpuMs(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
}
