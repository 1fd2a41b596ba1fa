import { type KafkaServer, kafkaOrReason, makeTopics } from '@openedx-ts/brokers';
import { fingerprintOf } from '@openedx-ts/events-avro';
import { configureEvents, type TelemetryFact } from '@openedx-ts/events-core';
import { noTelemetry, snapshotSignals, systemClock } from '@openedx-ts/events-core/bus';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ITEM, type ItemEvent, sendItem } from './item.test-support.js';
import { KafkaEventBusConsumer } from './kafka-event-bus-consumer.js';
import { KafkaEventBusProducer } from './kafka-event-bus-producer.js';
import type { KafkaConsumerOptions } from './options/kafka-consumer-options.js';

const kafka = await kafkaOrReason({ own: true });
const restore = snapshotSignals();

describe.skipIf(kafka.reason !== undefined)(kafka.titled('KafkaEventBusConsumer'), () => {
  let server: KafkaServer;
  let admin: Admin;
  let producer: KafkaEventBusProducer;
  let topics = 0;
  const opened: KafkaEventBusConsumer[] = [];
  const connections: Disposable[] = [];
  const schemaRegistry = registryInMemory();
  const patient = { timeout: 60_000, interval: 20 };

  beforeAll(async () => {
    server = await kafka.start();
    admin = newAdmin();
    await admin.connect();
    producer = new KafkaEventBusProducer({ bootstrapServers: server.bootstrapServers, schemaRegistry });
  });
  afterEach(async () => {
    for (const connection of connections.splice(0)) connection[Symbol.dispose]();
    await Promise.all(opened.splice(0).map((consumer) => consumer.close()));
  });
  afterAll(async () => {
    await producer.close();
    await admin.disconnect();
    await server[Symbol.asyncDispose]();
    restore();
  });

  const newAdmin = () =>
    new Kafka({ brokers: [server.bootstrapServers], logLevel: logLevel.NOTHING }).admin();

  async function newTopic(numPartitions = 1): Promise<string> {
    topics += 1;
    const topic = `items-${topics}`;
    await makeTopics(admin, [{ topic, numPartitions }]);
    return topic;
  }

  function newConsumer(topic: string, options: Partial<KafkaConsumerOptions> = {}): KafkaEventBusConsumer {
    const consumer = new KafkaEventBusConsumer({
      bootstrapServers: server.bootstrapServers,
      schemaRegistry,
      topics: [topic],
      groupId: `group-of-${topic}`,
      sessionTimeoutMs: 6_000,
      heartbeatIntervalMs: 200,
      maxWaitMs: 100,
      ...options,
    });
    opened.push(consumer);
    return consumer;
  }

  const send = (topic: string, number: number, name = 'a') => sendItem(producer, topic, number, name);

  /** The numbers that arrive, and what receivers do meanwhile. */
  function collect(handle: (event: ItemEvent) => unknown = () => {}): number[] {
    const arrived: number[] = [];
    const receive = async (event: ItemEvent) => {
      if (!event.fromEventBus) return;
      arrived.push(event.data.item.number);
      await handle(event);
    };
    connections.push(ITEM.connect(receive));
    return arrived;
  }

  it('runs a receiver of 9 s once with a session of 6 s', { timeout: 240_000 }, async () => {
    const topic = await newTopic();
    let handled = 0;
    const arrived = collect(async ({ data }) => {
      if (data.item.number === 1) await systemClock.sleep(9_000);
      handled += 1;
    });
    const consumer = newConsumer(topic);
    const running = consumer.run();
    await consumer.ready;
    await send(topic, 1);
    await vi.waitFor(() => expect(handled).toBe(1), patient);
    await consumer.close();
    await running;
    expect(arrived).toStrictEqual([1]);
    const again = newConsumer(topic);
    void again.run();
    await again.ready;
    await send(topic, 2);
    await vi.waitFor(() => expect(arrived).toContain(2), patient);
    expect(arrived).toStrictEqual([1, 2]);
  });

  it('finishes events in flight before a partition is assigned to a new member', {
    timeout: 240_000,
  }, async () => {
    const topic = await newTopic(4);
    const arrived = collect(() => systemClock.sleep(20));
    const first = newConsumer(topic);
    void first.run();
    await first.ready;
    const numbers = Array.from({ length: 200 }, (_, number) => number);
    await Promise.all(numbers.map((number) => send(topic, number, `key-${number % 16}`)));
    await vi.waitFor(() => expect(arrived.length).toBeGreaterThan(10), patient);
    const second = newConsumer(topic);
    void second.run();
    await second.ready;
    await vi.waitFor(() => expect(new Set(arrived).size).toBe(200), patient);
    expect(arrived).toHaveLength(200);
  });

  it('begins with the first event of a topic that is made later', { timeout: 240_000 }, async () => {
    const topic = `late-${topics}`;
    const arrived = collect();
    const consumer = newConsumer(topic);
    void consumer.run();
    await vi.waitFor(() => expect(consumer.health().reasons.join()).toContain('does not exist yet'), patient);
    expect(consumer.health()).toMatchObject({ live: true, ready: false });
    await makeTopics(admin, [{ topic, numPartitions: 1 }]);
    await send(topic, 1);
    await vi.waitFor(() => expect(arrived).toStrictEqual([1]), patient);
  });

  it('notices a broker that has gone silent, reports that, and goes on afterwards', {
    timeout: 240_000,
  }, async () => {
    const topic = await newTopic();
    const arrived = collect();
    const consumer = newConsumer(topic, { requestTimeoutMs: 1_000 });
    void consumer.run();
    await consumer.ready;
    await send(topic, 1);
    await vi.waitFor(() => expect(arrived).toStrictEqual([1]), patient);
    await server.freeze();
    await vi.waitFor(() => expect(consumer.health().reasons.join()).toContain('no answer'), patient);
    expect(consumer.health()).toMatchObject({ live: true, ready: false });
    await server.unfreeze();
    await send(topic, 2);
    await vi.waitFor(() => expect(arrived).toStrictEqual([1, 2]), patient);
    await vi.waitFor(() => expect(consumer.health().ready).toBe(true), patient);
  });

  it('goes on with what there is when events were deleted unread, and reports how many', {
    timeout: 240_000,
  }, async () => {
    const topic = await newTopic();
    const first = newConsumer(topic);
    void first.run();
    await first.ready;
    await first.close();
    for (const number of [1, 2, 3]) await send(topic, number);
    const janitor = newAdmin();
    await janitor.connect();
    await janitor.fetchTopicOffsets(topic); // loads the metadata that deleting needs
    await janitor.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
    await janitor.disconnect();
    const facts: TelemetryFact[] = [];
    connections.push(
      configureEvents({ telemetry: { ...noTelemetry, record: (fact) => void facts.push(fact) } }),
    );
    const arrived = collect();
    void newConsumer(topic).run();
    await vi.waitFor(() => expect(arrived).toStrictEqual([3]), patient);
    expect(facts.find(({ type }) => type === 'events.lost')).toMatchObject({ count: 2, reason: 'trimmed' });
  });
});

function registryInMemory() {
  const texts: string[] = [];
  return {
    register: (_subject: string, text: string) =>
      texts.includes(text) ? texts.indexOf(text) + 1 : texts.push(text),
    schemaById: (id: number) => {
      const text = texts[id - 1];
      return text === undefined ? undefined : { text, fingerprint: fingerprintOf(text) };
    },
  };
}
