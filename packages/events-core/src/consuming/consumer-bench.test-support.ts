import { afterEach, beforeEach } from 'vitest';
import { ManualClock, settle } from '../runtime/manual-clock.test-support.js';
import { recordingLogger, recordingTelemetry } from '../runtime/recording.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import type { TelemetryFact } from '../runtime/telemetry-fact.js';
import { defineCount } from '../signals/count-changed.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import { FakeEventBusConsumer } from './fake-event-bus-consumer.test-support.js';
import type { ConsumerOptions } from './types/consumer-options.js';
import { deliveryOf, messageOf } from './types/deliveries.test-support.js';
import type { Delivery } from './types/delivery.js';

/** For each test of a file: a signal of its own, time that the test moves, and consumers that are closed at its end. */
export class ConsumerBench {
  clock = new ManualClock();
  telemetry = recordingTelemetry();
  logger = recordingLogger();
  #signal: ReturnType<typeof defineCount> | undefined;
  #consumers: FakeEventBusConsumer[] = [];
  #restore: (() => void) | undefined;

  constructor() {
    beforeEach(() => {
      this.clock = new ManualClock('2026-01-02T03:04:05Z');
      this.telemetry = recordingTelemetry();
      this.logger = recordingLogger();
      this.#restore = snapshotSignals();
      this.#signal = defineCount();
      const { clock, telemetry, logger } = this;
      configureEvents({ clock, telemetry, logger, random: () => 1 });
    });
    afterEach(async () => {
      for (const consumer of this.#consumers.splice(0)) {
        const closed = consumer.close();
        await this.clock.advance(60_000); // for receivers that never end
        await closed;
      }
      this.#restore?.();
    });
  }

  get signal(): ReturnType<typeof defineCount> {
    return this.#signal as ReturnType<typeof defineCount>;
  }

  /** A consumer at work. */
  start(
    options: Partial<ConsumerOptions> = {},
    parts?: ConstructorParameters<typeof FakeEventBusConsumer>[1],
  ) {
    const consumer = new FakeEventBusConsumer(options, parts);
    this.#consumers.push(consumer);
    const running = consumer.run();
    running.catch(() => {}); // tests that expect it look at it
    consumer.push([]);
    return { consumer, running };
  }

  /** An event under a key of its own, unless given; its number is also its place. */
  event(count: number, key = `key-${count}`, more: Partial<Delivery> = {}): Delivery {
    return deliveryOf({ ...messageOf(this.signal, { count }), key: Buffer.from(key) }, count, more);
  }

  /** Starts a consumer and gives it events. */
  async consume(options: Partial<ConsumerOptions>, ...counts: readonly number[]) {
    const started = this.start(options);
    started.consumer.push(counts.map((count) => this.event(count)));
    await settle();
    return started;
  }

  factsOf(type: TelemetryFact['type']): readonly TelemetryFact[] {
    return this.telemetry.facts.filter((fact) => fact.type === type);
  }
}

/** The `dlq-…` facts of a consumer's dead letters. */
export function deadLettersOf(consumer: FakeEventBusConsumer): readonly Readonly<Record<string, string>>[] {
  return consumer.deadLetters.map(({ headers }) =>
    Object.fromEntries(headers.map(([name, value]) => [name, Buffer.from(value ?? []).toString()])),
  );
}
