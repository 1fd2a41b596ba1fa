import { createMetadata, defineSignal, long, record } from '@openedx-ts/events-core';
import { runtime, snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryBroker } from './memory-broker.js';
import { MemoryEventBusConsumer } from './memory-event-bus-consumer.js';
import { MemoryEventBusProducer } from './memory-event-bus-producer.js';

/** How many members are stopped, eight of which read at once. */
const stops = Number(process.env.MEMORY_STOPS ?? 24);

let restore: () => void;
beforeEach(() => {
  restore = snapshotSignals();
});
afterEach(() => restore());

const defineCount = () =>
  defineSignal({
    eventType: 'org.example.test.count.changed.v1',
    data: { count: record('Count', { number: long() }) },
    eventKeyField: 'count.number',
  });

describe('graceful stops on the memory bus, with events arriving throughout', () => {
  it.each([1, 10])(
    'lose nothing and repeat nothing, with a concurrency of %i',
    { timeout: 60_000 + stops * 200 },
    async (concurrency) => {
      const signal = defineCount();
      const arrived: number[] = [];
      signal.connect(async ({ data }) => {
        await runtime().clock.sleep((data.count.number * 7) % 12);
        arrived.push(data.count.number);
      });
      const broker = new MemoryBroker({ partitions: 8 });
      await using producer = new MemoryEventBusProducer({ broker });
      const start = async () => {
        const consumer = new MemoryEventBusConsumer({
          ...{ broker, topics: ['counts'], groupId: 'g' },
          ...{ concurrency, ackEvery: 20 },
        });
        void consumer.run();
        await consumer.ready;
        return consumer;
      };
      const { eventType } = signal;
      const send = (number: number) =>
        producer.send({
          ...{ signal, topic: 'counts', eventKeyField: 'count.number', data: { count: { number } } },
          metadata: createMetadata({ eventType }),
        });

      const members = await Promise.all(Array.from({ length: 8 }, start));
      let sent = 0;
      for (let stopped = 0; stopped < stops; stopped += 4) {
        const sending = Array.from({ length: 80 }, () => send(sent++));
        await vi.waitUntil(() => arrived.length > sent - 60, { interval: 1, timeout: 60_000 });
        const leaving = members.splice(0, 4).map((member) => member.close());
        sending.push(...Array.from({ length: 20 }, () => send(sent++)));
        members.push(...(await Promise.all(leaving.map(start)))); // join while the others leave
        await Promise.all([...leaving, ...sending]);
      }
      await vi.waitUntil(() => new Set(arrived).size === sent, { timeout: 60_000 });
      await Promise.all(members.map((member) => member.close()));
      expect([...arrived].sort((a, b) => a - b)).toStrictEqual(Array.from({ length: sent }, (_, n) => n));
    },
  );
});
