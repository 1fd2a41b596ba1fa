import { kafkaOrReason } from '@openedx-ts/brokers';
import { ProduceFailedError } from '@openedx-ts/events-core';
import { describe, expect, it, vi } from 'vitest';
import { KafkaEventBusAdmin } from './admin/kafka-event-bus-admin.js';
import { sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';
import { readTopic } from './topic-reader.test-support.js';

const codec = vi.hoisted(() => ({ hasZstd: true }));
vi.mock('./driver/compression/has-zstd.js', () => ({ hasZstd: () => codec.hasZstd }));

const kafka = await kafkaOrReason({ own: true });
const compressions = ['gzip', 'snappy', 'lz4', 'zstd'] as const;

describe.skipIf(kafka.reason !== undefined)(kafka.titled('compression of a producer'), () => {
  const bench = new KafkaBench(kafka);

  it.each(compressions)(
    '%s: Kafka accepts an event that only compression makes small enough',
    async (compression) => {
      const topic = await bench.newTopic(1, { 'max.message.bytes': '3000' });
      const name = 'a name that repeats '.repeat(1_000);
      await expect(sendItem(bench.newProducer(), topic, 1, name)).rejects.toThrow(ProduceFailedError);
      const { position } = await sendItem(bench.newProducer({ compression }), topic, 2, name);
      expect(position).toBe('0:0');
      const [message] = await readTopic(bench.server.bootstrapServers, topic, 1);
      expect(message?.key?.length).toBeGreaterThan(name.length);
    },
  );

  it.each(compressions)('%s: events come in order, in a batch and alone', async (compression) => {
    const topic = await bench.newTopic();
    const numbers = Array.from({ length: 300 }, (_, index) => index);
    const producer = bench.newProducer({ compression });
    await Promise.all(numbers.map((number) => sendItem(producer, topic, number)));
    await sendItem(producer, topic, 300);
    const arrived = bench.collect();
    void bench.newConsumer(topic).run();
    await vi.waitFor(() => expect(arrived).toStrictEqual([...numbers, 300]), patient);
  });

  it('of a topic that cannot be read here is a finding of doctor', async () => {
    const [zstd, lz4] = [
      await bench.newTopic(1, { 'compression.type': 'zstd' }),
      await bench.newTopic(1, { 'compression.type': 'lz4' }),
    ];
    await using admin = new KafkaEventBusAdmin({
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: bench.server.bootstrapServers,
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: bench.registry.url,
    });
    const unreadable = async () => {
      const findings = await admin.diagnose({ topics: [zstd, lz4] });
      return findings
        .filter(({ message }) => message.includes('compress'))
        .map(({ verdict, subject, cure }) => [verdict, subject, cure]);
    };
    expect(await unreadable()).toStrictEqual([]);
    codec.hasZstd = false;
    expect(await unreadable()).toStrictEqual([
      ['problem', `topic ${zstd}`, 'use Node 22.15 or newer, or npm install @bokuweb/zstd-wasm'],
    ]);
    codec.hasZstd = true;
  });
});
