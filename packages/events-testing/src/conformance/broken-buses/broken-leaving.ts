import { MemoryEventBusConsumer } from '@openedx-ts/event-bus-memory';
import type { Delivery } from '@openedx-ts/events-core/bus';
import { type BrokenConsumerOptions, consumerOf } from './broken-consumer.js';

export const acknowledgesAllWhenItLeaves = consumerOf(
  class extends MemoryEventBusConsumer {
    readonly #last = new Map<string, number>();

    protected override async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
      for await (const deliveries of super.receive(abortSignal)) {
        for (const { lane, ordinal } of deliveries) this.#last.set(lane, ordinal);
        yield deliveries;
      }
    }

    protected override async leave(): Promise<void> {
      for (const [lane, ordinal] of this.#last) await super.acknowledge(lane, [ordinal]);
      await super.leave();
    }
  },
);

export const skipsWhatArrivesWhenItLeaves = consumerOf(
  class extends MemoryEventBusConsumer {
    readonly #options: BrokenConsumerOptions;

    constructor(options: BrokenConsumerOptions) {
      super(options);
      this.#options = options;
    }

    protected override async leave(): Promise<void> {
      const { broker, topics } = this.#options;
      for (const name of topics)
        for (const [partition, { nextOffset }] of broker.topic(name).partitions.entries())
          if (nextOffset > 0) await super.acknowledge(`${name}/${partition}`, [nextOffset - 1]);
      await super.leave();
    }
  },
);
