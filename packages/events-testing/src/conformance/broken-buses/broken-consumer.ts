import { type MemoryBroker, MemoryEventBusConsumer } from '@openedx-ts/event-bus-memory';
import type { ConsumerOptions } from '@openedx-ts/events-core';
import type { Delivery } from '@openedx-ts/events-core/bus';

/** Makes a consumer of a broken bus. */
export type BrokenConsumer = (broker: MemoryBroker, options: ConsumerOptions) => MemoryEventBusConsumer;

/** What a consumer of a broken bus is made with. */
export type BrokenConsumerOptions = ConsumerOptions & { readonly broker: MemoryBroker };

type ConsumerClass = new (options: BrokenConsumerOptions) => MemoryEventBusConsumer;

/** Makes consumers of a class. */
export function consumerOf(Broken: ConsumerClass): BrokenConsumer {
  return (broker, options) => new Broken({ ...options, broker });
}

/** A consumer that does something wrong with what it receives. */
export function receiving(broken: (deliveries: readonly Delivery[]) => readonly Delivery[]): BrokenConsumer {
  return consumerOf(
    class extends MemoryEventBusConsumer {
      protected override async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
        for await (const deliveries of super.receive(abortSignal)) yield broken(deliveries);
      }
    },
  );
}

/** A consumer that works with other options than it was given. */
export function withOptions(change: (options: ConsumerOptions) => Partial<ConsumerOptions>): BrokenConsumer {
  return (broker, options) => new MemoryEventBusConsumer({ ...options, ...change(options), broker });
}
