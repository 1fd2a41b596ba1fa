import { kafkaOrReason } from '@openedx-ts/brokers';
import { deferred } from '@openedx-ts/events-core/bus';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';

const kafka = await kafkaOrReason({ own: true });

describe.skipIf(kafka.reason !== undefined)(kafka.titled('limits of memory and time on Kafka'), () => {
  const bench = new KafkaBench(kafka);

  const KILOBYTES_100 = 'x'.repeat(100_000);
  /** Sends so many events of 200 kB: their name is also their key. */
  async function sendLarge(topic: string, events: number): Promise<void> {
    const producer = bench.newProducer();
    const numbers = Array.from({ length: events }, (_, index) => index + 1);
    await Promise.all(numbers.map((number) => sendItem(producer, topic, number, KILOBYTES_100)));
  }

  it('holds a share of maxBufferedBytes of each partition, however many events that is, and then goes on', async () => {
    const [large, small] = [await bench.newTopic(), await bench.newTopic()];
    await sendLarge(large, 40);
    const held = deferred();
    onTestFinished(() => held.resolve());
    const arrived = bench.collect(({ data: { item } }) => (item.number === 3 ? held.promise : undefined));
    const consumer = bench.newConsumer(large, { topics: [large, small], maxBufferedBytes: 2_000_000 });
    void consumer.run();
    const bytesIn = () => (consumer as unknown as { bytesIn(lane: string): number }).bytesIn(`${large}:0`);
    await vi.waitFor(() => expect(bytesIn()).toBeGreaterThan(500_000), patient);
    const producer = bench.newProducer();
    for (const number of [101, 102, 103, 104, 105]) {
      await sendItem(producer, small, number); // each that arrives shows that more was fetched wherever there was room
      await vi.waitFor(() => expect(arrived).toContain(number), patient);
    }
    expect(bytesIn()).toBeLessThan(1_250_000); // its share, and by how much one event exceeds it
    held.resolve();
    await vi.waitFor(() => expect(arrived).toHaveLength(45), patient);
  });

  it('processes events that are larger than maxBufferedBytes', async () => {
    const topic = await bench.newTopic();
    await sendLarge(topic, 3);
    const arrived = bench.collect();
    void bench.newConsumer(topic, { maxBufferedBytes: 1_000 }).run();
    await vi.waitFor(() => expect(arrived).toEqual([1, 2, 3]), patient);
  });

  it('retries an event that is refused because of a wrong clock, and names the clock', async () => {
    const topic = await bench.newTopic(1, { 'message.timestamp.after.max.ms': '60000' });
    const producer = bench.newProducer();
    await sendItem(producer, topic, 1);
    const { now } = Date;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 3_600_000);
    const sent = sendItem(producer, topic, 2);
    await vi.waitFor(
      () => expect(producer.health().reasons.join()).toMatch(/INVALID_TIMESTAMP: the clock/),
      patient,
    );
    clock.mockRestore();
    await expect(sent).resolves.toMatchObject({ position: '0:1' });
  });
});
