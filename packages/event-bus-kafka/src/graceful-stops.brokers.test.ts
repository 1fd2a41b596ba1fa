import { kafkaOrReason } from '@openedx-ts/brokers';
import { systemClock } from '@openedx-ts/events-core/bus';
import { describe, expect, it, vi } from 'vitest';
import { sendItem } from './item.test-support.js';
import { KafkaBench, patient } from './kafka-bench.test-support.js';

const kafka = await kafkaOrReason();
/** How many consumers are stopped, one after another or while the next joins. */
const stops = Number(process.env.KAFKA_STOPS ?? 6);

describe.skipIf(kafka.reason !== undefined)(
  kafka.titled('graceful stops on Kafka, with events arriving throughout'),
  () => {
    const bench = new KafkaBench(kafka);

    it.each([1, 10])(
      'lose nothing and repeat nothing, with a concurrency of %i',
      { timeout: 240_000 + stops * 5_000 },
      async (concurrency) => {
        const topic = await bench.newTopic(3);
        const producer = bench.newProducer();
        const sent: number[] = [];
        const arrived = bench.collect(({ data }) => systemClock.sleep((data.item.number * 7) % 12));
        let isOver = false;
        const sending = (async () => {
          while (!isOver) {
            await systemClock.sleep(5);
            if (sent.length - arrived.length > 200) continue;
            const batch = Array.from({ length: 10 }, (_, index) => sent.length + index);
            sent.push(...batch);
            await Promise.all(batch.map((number) => sendItem(producer, topic, number, `key-${number % 40}`)));
          }
        })();
        const start = async () => {
          const consumer = bench.newConsumer(topic, { concurrency, ackEvery: 20, heartbeatIntervalMs: 100 });
          void consumer.run();
          await consumer.ready;
          return consumer;
        };
        let current = await start();
        for (let stopped = 0; stopped < stops; stopped += 1) {
          const before = arrived.length;
          await vi.waitFor(() => expect(arrived.length).toBeGreaterThan(before + 20), patient);
          const next = stopped % 2 === 0 ? start() : undefined; // joins while the other leaves
          await current.close();
          current = await (next ?? start());
        }
        isOver = true;
        await sending;
        await vi.waitFor(() => expect(new Set(arrived).size).toBe(sent.length), {
          ...patient,
          timeout: 240_000,
        });
        await current.close();
        expect([...arrived].sort((a, b) => a - b)).toStrictEqual(sent);
      },
    );
  },
);
