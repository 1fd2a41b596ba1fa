import { setImmediate as nextTick } from 'node:timers/promises';
import { MemoryEventBusConsumer } from '@openedx-ts/event-bus-memory';
import type { Health } from '@openedx-ts/events-core';
import type { Delivery } from '@openedx-ts/events-core/bus';
import { type BrokenConsumer, consumerOf, receiving, withOptions } from './broken-consumer.js';

export const forgetsToAcknowledge = consumerOf(
  class extends MemoryEventBusConsumer {
    protected override async acknowledge(): Promise<void> {}
  },
);

export const forgetsWhatIsAhead = consumerOf(
  class extends MemoryEventBusConsumer {
    protected override acknowledgeAhead(): void {}
  },
);

export const acknowledgesOnReceipt = consumerOf(
  class extends MemoryEventBusConsumer {
    protected override async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
      for await (const deliveries of super.receive(abortSignal)) {
        for (const { lane, ordinal } of deliveries) await super.acknowledge(lane, [ordinal]);
        yield deliveries;
      }
    }
  },
);

export const forgetsToAcknowledgeAfterAnOutage = consumerOf(
  class extends MemoryEventBusConsumer {
    #isOver = false;

    protected override async acknowledge(lane: string, ordinals: readonly number[]): Promise<void> {
      if (this.#isOver) return;
      try {
        await super.acknowledge(lane, ordinals);
      } catch {
        this.#isOver = true;
      }
    }
  },
);

export const deliversTwice = receiving((deliveries) => deliveries.flatMap((one) => [one, one]));

export const reversesBatches = receiving((deliveries) => deliveries.toReversed());

export const reversesRedeliveries = receiving((deliveries) =>
  deliveries.some(({ deliveryCount }) => deliveryCount > 1) ? deliveries.toReversed() : deliveries,
);

export const dropsRedeliveries = receiving((deliveries) =>
  deliveries.filter(({ deliveryCount }) => deliveryCount === 1),
);

export const dropsOtherTypes = receiving((deliveries) =>
  deliveries.filter(
    ({ message: { headers } }) => !headers.some(([, value]) => String(value).includes('.other.')),
  ),
);

export const givesWrongPositions = receiving((deliveries) =>
  deliveries.map((delivery) => ({ ...delivery, position: `at ${delivery.position}` })),
);

export const chokesOnTombstones = receiving((deliveries) => {
  for (const { message } of deliveries) if (message.value === null) throw new TypeError('value is null');
  return deliveries;
});

export const losesLanes = consumerOf(
  class extends MemoryEventBusConsumer {
    protected override async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
      for await (const deliveries of super.receive(abortSignal)) {
        yield deliveries.map((delivery) => ({ ...delivery, lane: `${delivery.lane}#${delivery.ordinal}` }));
      }
    }

    protected override acknowledge(lane: string, ordinals: readonly number[]): Promise<void> {
      return super.acknowledge(lane.replace(/#\d+$/, ''), ordinals);
    }
  },
);

export const diesWithTheBroker = consumerOf(
  class extends MemoryEventBusConsumer {
    protected override async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
      try {
        yield* super.receive(abortSignal);
      } catch (cause) {
        throw new Error('connection refused', { cause });
      }
    }
  },
);

export const failsWhenTheBrokerDoes = consumerOf(
  class extends MemoryEventBusConsumer {
    protected override async acknowledge(lane: string, ordinals: readonly number[]): Promise<void> {
      try {
        await super.acknowledge(lane, ordinals);
      } catch (cause) {
        throw new Error('connection reset', { cause });
      }
    }
  },
);

export const hangsOnClose = consumerOf(
  class extends MemoryEventBusConsumer {
    protected override release(): Promise<void> {
      return new Promise(() => {});
    }
  },
);

export const isDeafWhenIdle = consumerOf(
  class extends MemoryEventBusConsumer {
    protected override receive(): AsyncGenerator<readonly Delivery[]> {
      return super.receive(new AbortController().signal);
    }
  },
);

export const closesAtOnce = consumerOf(
  class extends MemoryEventBusConsumer {
    override async close(): Promise<void> {
      this.stop();
    }
  },
);

export const ignoresStop = consumerOf(
  class extends MemoryEventBusConsumer {
    override stop(): void {}
  },
);

export const ignoresAbortSignals = consumerOf(
  class extends MemoryEventBusConsumer {
    override run(): Promise<void> {
      return super.run();
    }
  },
);

export const runsTwice = consumerOf(
  class extends MemoryEventBusConsumer {
    override run(options?: { readonly abortSignal?: AbortSignal }): Promise<void> {
      return this.state === 'idle' ? super.run(options) : Promise.resolve();
    }
  },
);

export const runsAfterStop = consumerOf(
  class extends MemoryEventBusConsumer {
    override run(options?: { readonly abortSignal?: AbortSignal }): Promise<void> {
      return this.state === 'stopped' ? new Promise(() => {}) : super.run(options);
    }
  },
);

export const isReadyTooEarly = consumerOf(
  class extends MemoryEventBusConsumer {
    override get ready(): Promise<void> {
      return Promise.resolve();
    }

    protected override async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
      for (let tick = 0; tick < 20; tick += 1) await nextTick();
      yield* super.receive(abortSignal);
    }
  },
);

export const isAlwaysHealthy = consumerOf(
  class extends MemoryEventBusConsumer {
    override health(): Health {
      return { live: true, ready: true, reasons: [] };
    }
  },
);

export const isNotReadyWhileBusy = consumerOf(
  class extends MemoryEventBusConsumer {
    readonly #lanes = new Set<string>();

    protected override async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
      for await (const deliveries of super.receive(abortSignal)) {
        for (const { lane } of deliveries) this.#lanes.add(lane);
        yield deliveries;
      }
    }

    override health(): Health {
      const isBusy = [...this.#lanes].some((lane) => this.bytesIn(lane) > 0);
      return isBusy ? { live: true, ready: false, reasons: ['an event is in flight'] } : super.health();
    }
  },
);

export const reportsNothingUnread = consumerOf(
  class extends MemoryEventBusConsumer {
    protected override reportUnread(): void {}
  },
);

export const countsNoDeliveries = receiving((deliveries) =>
  deliveries.map((delivery) => ({ ...delivery, deliveryCount: 1 })),
);

export const countsEveryDelivery: BrokenConsumer = (() => {
  const counts = new Map<string, number>();
  return receiving((deliveries) =>
    deliveries.map((delivery) => {
      const where = `${delivery.lane} ${delivery.position}`;
      const deliveryCount = (counts.get(where) ?? 0) + 1;
      counts.set(where, deliveryCount);
      return { ...delivery, deliveryCount };
    }),
  );
})();

export const processesOneAtATime = withOptions(() => ({ concurrency: 1 }));

export const waitsForEver = withOptions(() => ({ receiverTimeoutMs: Number.POSITIVE_INFINITY }));

export const triesOnce = withOptions(() => ({ maxAttempts: 1 }));

export const alwaysDrops = withOptions(() => ({ onFailure: 'drop', unknownType: 'skip' }));

export const deadLettersUnknownTypes = withOptions(() => ({ unknownType: 'dead-letter' }));

export const alwaysDeadLetters = withOptions(() => ({ onFailure: 'dead-letter' }));

export const consumesTheFirstTopicOnly = withOptions(({ topics }) => ({ topics: topics.slice(0, 1) }));

export const acknowledgesRarely = withOptions(() => ({ ackEvery: 100 }));

export const neverDrains = withOptions(() => ({ drainTimeoutMs: 0 }));

export const drainsForEver = withOptions(() => ({ drainTimeoutMs: 1e9 }));
