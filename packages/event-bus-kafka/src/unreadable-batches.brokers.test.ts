import { kafkaOrReason } from '@openedx-ts/brokers';
import { type Admin, CompressionTypes, Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MissingCodecError } from './driver/compression/missing-codec-error.js';
import type * as zstdModule from './driver/compression/zstd.js';
import { sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';
import { readTopic } from './topic-reader.test-support.js';

const codec = vi.hoisted(() => ({ isMissing: false }));
vi.mock('./driver/compression/zstd.js', async (original) => {
  const { zstd } = await original<typeof zstdModule>();
  return {
    zstd: async () => {
      if (codec.isMissing) throw new MissingCodecError('is missing: install it');
      return zstd();
    },
  };
});

const kafka = await kafkaOrReason({ own: true });

describe.skipIf(kafka.reason !== undefined)(kafka.titled('batches that cannot be read'), () => {
  const bench = new KafkaBench(kafka);
  let admin: Admin;
  let raw: Producer;

  beforeAll(async () => {
    const client = new Kafka({ brokers: [bench.server.bootstrapServers], logLevel: logLevel.NOTHING });
    admin = client.admin();
    raw = client.producer();
    await Promise.all([admin.connect(), raw.connect()]);
  });
  afterAll(async () => {
    await Promise.all([admin.disconnect(), raw.disconnect()]);
  });

  it('hold their partition while their codec is missing, and no other one', async () => {
    const [topic, compressed] = [await bench.newTopic(), 'items-in-zstd'];
    await bench.makeTopic(compressed, { 'compression.type': 'zstd' });
    codec.isMissing = true;
    await sendItem(bench.newProducer(), compressed, 1);
    const arrived = bench.collect();
    const consumer = bench.newConsumer(topic, { topics: [compressed, topic] });
    void consumer.run();
    await vi.waitFor(
      () =>
        expect(consumer.health().reasons.join()).toMatch(
          /Topic items-in-zstd: partition 0 cannot be read from offset 0 on: the codec zstd is missing: install it/,
        ),
      patient,
    );
    expect(consumer.health()).toMatchObject({ live: true, ready: false });
    await sendItem(bench.newProducer(), topic, 2);
    await vi.waitFor(() => expect(arrived).toStrictEqual([2]), patient);
    expect(consumer.state).toBe('running');
    codec.isMissing = false;
    await vi.waitFor(() => expect(arrived).toStrictEqual([2, 1]), patient);
    await vi.waitFor(() => expect(consumer.health()).toMatchObject({ ready: true, reasons: [] }), patient);
  });

  it('hold their partition with onUndecodableBatch "hold", until the limit is raised', async () => {
    const [topic, damaged] = [await bench.newTopic(), await bench.newTopic()];
    const producer = bench.newProducer();
    await sendItem(producer, damaged, 1);
    const bomb = { value: Buffer.alloc(1024 * 1024), partition: 0 };
    await raw.send({ topic: damaged, compression: CompressionTypes.GZIP, messages: [bomb] });
    await sendItem(producer, damaged, 2);
    await sendItem(producer, topic, 3);
    const arrived = bench.collect();
    const options = { topics: [damaged, topic], onUndecodableBatch: 'hold', maxBatchBytes: 100_000 } as const;
    const consumer = bench.newConsumer(topic, options);
    void consumer.run();
    await vi.waitFor(
      () =>
        expect(consumer.health().reasons.join()).toMatch(
          /partition 0 cannot be read from offset 1 on: its records take more than 100000 bytes/,
        ),
      patient,
    );
    await vi.waitFor(() => expect([...arrived].sort()).toStrictEqual([1, 3]), patient);
    await consumer.close();
    const raised = bench.newConsumer(topic, {
      ...options,
      maxBatchBytes: 2 * 1024 * 1024,
      onFailure: 'drop',
    });
    void raised.run();
    await vi.waitFor(() => expect([...arrived].sort()).toStrictEqual([1, 2, 3]), patient);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    'are none where brokers compress with %s',
    async (compression) => {
      const topic = await bench.newTopic(1, { 'compression.type': compression });
      const producer = bench.newProducer();
      for (let number = 1; number <= 3; number += 1) await sendItem(producer, topic, number);
      const arrived = bench.collect();
      void bench.newConsumer(topic).run();
      await vi.waitFor(() => expect(arrived).toStrictEqual([1, 2, 3]), patient);
    },
  );

  it('are dead-lettered as facts when unpacking makes them too large, and what lies around them is handled', async () => {
    const topic = await bench.newTopic();
    const producer = bench.newProducer();
    await sendItem(producer, topic, 1);
    const bomb = { value: Buffer.alloc(100 * 1024 * 1024), partition: 0 };
    await raw.send({ topic, compression: CompressionTypes.GZIP, messages: [bomb] });
    await sendItem(producer, topic, 2);
    const arrived = bench.collect();
    const consumer = bench.newConsumer(topic);
    void consumer.run();
    await vi.waitFor(() => expect(arrived).toStrictEqual([1, 2]), patient);
    expect(await bench.deadLetterCodes(topic, 1)).toStrictEqual(['EVENT_BUS_KAFKA_UNREADABLE_BATCH']);
    const [letter] = await readTopic(bench.server.bootstrapServers, `${topic}.group-of-${topic}.dlq`, 1);
    expect(letter?.value).toBeNull();
    const facts = new Map(
      letter?.headers.map(([name, value]) => [name, Buffer.from(value ?? []).toString()]),
    );
    expect(facts.get('dlq-source')).toBe(`${topic}@0:1`);
    expect(facts.get('dlq-message')).toMatch(
      /batch of offsets 1 to 1 of topic items-\d+, partition 0, .* more than 33554432 bytes/,
    );
    await vi.waitFor(async () => expect((await bench.committed(topic)).get(0)).toBe(3), patient);
    expect(consumer.health()).toMatchObject({ ready: true, reasons: [] });
  });
});
