import { kafkaOrReason } from '@openedx-ts/brokers';
import { configureEvents, type TelemetryFact } from '@openedx-ts/events-core';
import { deferred, noTelemetry, systemClock } from '@openedx-ts/events-core/bus';
import { describe, expect, it, vi } from 'vitest';
import { sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';

const kafka = await kafkaOrReason();
const session = { sessionTimeoutMs: 1_000, heartbeatIntervalMs: 100 };

describe.skipIf(kafka.reason !== undefined)(kafka.titled('events that end the process, on Kafka'), () => {
  const bench = new KafkaBench(kafka);

  it.each([3, 10])(
    'dead-letters the event that crashes the process after %d crashes, and none that was in flight with it',
    {
      timeout: 240_000,
    },
    async (maxDeliveries) => {
      const topic = await bench.newTopic(2);
      const producer = bench.newProducer();
      const partitions: string[] = [];
      for (let number = 0; number < 12; number += 1) {
        const { position } = await sendItem(producer, topic, number, `key-${number}`);
        partitions.push(position.split(':')[0] as string);
      }
      const poison = partitions.indexOf(partitions[0] as string, 1); // not the first of its partition
      const others = partitions.flatMap((_, number) => (number === poison ? [] : [number]));
      const facts: TelemetryFact[] = [];
      using _ = configureEvents({ telemetry: { ...noTelemetry, record: (fact) => void facts.push(fact) } });
      let [lives, tries] = [0, 0];
      let die = () => {};
      const arrived = bench.collect(async ({ data }) => {
        const { number } = data.item;
        if (number === poison) {
          tries += 1;
          die();
          await new Promise(() => {});
        }
        if (partitions[number] !== partitions[poison]) await systemClock.sleep(100); // the process dies before that
      });
      const isOver = () => others.every((number) => arrived.includes(number)) && tries === maxDeliveries;
      while (lives <= maxDeliveries) {
        lives += 1;
        const dying = deferred();
        die = dying.resolve;
        const consumer = bench.newConsumer(topic, { ...session, drainTimeoutMs: 0, maxDeliveries });
        void consumer.run();
        if (lives > maxDeliveries) await vi.waitFor(() => expect(isOver()).toBe(true), patient);
        else {
          await dying.promise;
          await consumer.crash();
        }
      }
      expect(tries).toBe(maxDeliveries);
      expect(await bench.deadLetterCodes(topic, 1)).toStrictEqual(['EVENTS_CRASHING_EVENT']);
      await vi.waitFor(async () => {
        const committed = await bench.committed(topic);
        expect([...committed.values()].reduce((sum, offset) => sum + offset, 0)).toBe(12);
      }, patient);
      expect(facts.filter(({ type }) => type === 'event.dead-lettered')).toHaveLength(1);
    },
  );

  it('counts no graceful restart, even with an event in flight', async () => {
    const topic = await bench.newTopic();
    await sendItem(bench.newProducer(), topic, 1);
    let [started, isHeld] = [0, true];
    const arrived = bench.collect(async () => {
      started += 1;
      if (isHeld) await new Promise(() => {});
    });
    const options = { ...session, drainTimeoutMs: 20, maxDeliveries: 3 }; // a fourth delivery would be set aside
    for (let round = 1; round <= 5; round += 1) {
      const consumer = bench.newConsumer(topic, options);
      void consumer.run();
      await vi.waitFor(() => expect(started).toBe(round), patient);
      await consumer.close();
    }
    isHeld = false;
    void bench.newConsumer(topic, options).run();
    await vi.waitFor(() => expect(arrived).toStrictEqual([1]), patient);
  });

  it('counts no rebalance that revokes a slow event', { timeout: 240_000 }, async () => {
    const topic = await bench.newTopic();
    await sendItem(bench.newProducer(), topic, 1);
    let [started, isHeld] = [0, true];
    const arrived = bench.collect(async () => {
      started += 1;
      if (isHeld) await new Promise(() => {});
    });
    const options = { ...session, drainTimeoutMs: 20, maxDeliveries: 3 };
    void bench.newConsumer(topic, options).run();
    for (let round = 1; round <= 10; round += 1) {
      await vi.waitFor(() => expect(started).toBeGreaterThanOrEqual(round), patient);
      const other = bench.newConsumer(topic, options);
      void other.run();
      await vi.waitFor(() => expect(started).toBeGreaterThan(round), patient);
      await other.close();
    }
    isHeld = false;
    void bench.newConsumer(topic, options).run(); // takes it away once more
    await vi.waitFor(() => expect(arrived).toStrictEqual([1]), patient);
  });
});
