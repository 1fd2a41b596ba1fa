import { randomUUID } from 'node:crypto';
import { configureEvents, type Producer, silentLogger } from '@openedx-ts/events-core';
import type { BrokerSwitch, BusHarness } from '@openedx-ts/events-testing/conformance';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RelayBench } from './relay-bench.test-support.js';

/** What a bus adds for tests of the relay. */
export interface RelayHarness {
  readonly bus: BusHarness;
  /** Makes the broker refuse one topic, and accept it again. */
  readonly denial: (topic: string) => BrokerSwitch;
  /** Bytes of an event that the bus never accepts. */
  readonly tooLarge: number;
}

/** Tests the relay of an outbox in PostgreSQL with a bus on its real broker. */
export function describeRelay({ bus, denial, tooLarge }: RelayHarness): void {
  describe(`the relay of an outbox, with the ${bus.name}`, () => {
    const timeoutMs = bus.timeoutMs ?? 10_000;
    const patient = { timeout: timeoutMs, interval: 50 };
    let bench: RelayBench;
    let producer: Producer;
    let logs: Disposable;
    beforeAll(async () => {
      bench = await RelayBench.open();
      await bus.open?.();
    });
    beforeEach(async () => {
      logs = configureEvents({ logger: silentLogger });
      producer = await bus.createProducer();
    });
    afterEach(async () => {
      await bench.stop();
      await producer.close();
      logs[Symbol.dispose]();
    });
    afterAll(async () => {
      await bench[Symbol.asyncDispose]();
      await bus.close?.();
    });

    const newTopic = async () => {
      const topic = `outbox-${randomUUID()}`;
      await bus.createTopic?.(topic);
      return topic;
    };

    it('publishes in the order of each key what was committed while the broker was killed', async () => {
      const topic = await newTopic();
      const { stop, start } = bus.outage as BrokerSwitch;
      const relay = bench.start(producer);
      await bench.write(topic, 100);
      await stop();
      await bench.write(topic, 100);
      await vi.waitFor(() => expect(relay.health().reasons.join()).toContain(topic), patient);
      await start();
      await bench.untilPublished(topic, timeoutMs);
      expect(await bench.waiting(topic)).toEqual({ pending: 0, parked: 0 });
      await bench.expectOrder(topic, await bus.readTopic(topic));
      expect(relay.health()).toEqual({ live: true, ready: true, reasons: [] });
    });

    it('keeps the events of a topic that the broker refuses, and publishes others', async () => {
      const [denied, open] = [await newTopic(), await newTopic()];
      const { stop, start } = denial(denied);
      await stop();
      const relay = bench.start(producer);
      await bench.write(denied, 50);
      const { pending } = await bench.waiting(denied);
      await vi.waitFor(() => expect(relay.health().reasons.join()).toContain(denied), patient);
      await bench.write(open, 50);
      await bench.untilPublished(open, timeoutMs);
      expect(await bench.waiting(denied)).toEqual({ pending, parked: 0 });
      expect(relay.health().reasons.join()).not.toContain(open);
      await start();
      await bench.untilPublished(denied, timeoutMs);
      for (const topic of [denied, open]) await bench.expectOrder(topic, await bus.readTopic(topic));
    });

    it('parks an event that the bus never accepts, and publishes others', async () => {
      const topic = await newTopic();
      bench.start(producer);
      await bench.write(topic, 20);
      await bench.write(topic, 6, tooLarge);
      await bench.write(topic, 20);
      await bench.untilPublished(topic, timeoutMs);
      expect((await bench.waiting(topic)).parked).toBeGreaterThan(0);
      expect((await bus.readTopic(topic)).length).toBeGreaterThan(20);
    });
  });
}
