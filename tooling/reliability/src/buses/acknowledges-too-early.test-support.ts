// A bus with the mistake that the rig is there to find: it acknowledges events when it receives them.
import { RedisEventBusConsumer, eventBus as redis, redisConsumerSettings } from '@openedx-ts/event-bus-redis';
import type { EventBusPlugin } from '@openedx-ts/events-core';
import type { Delivery } from '@openedx-ts/events-core/bus';

class ConsumerThatAcknowledgesTooEarly extends RedisEventBusConsumer {
  protected override async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    for await (const deliveries of super.receive(abortSignal)) {
      const [first] = deliveries;
      if (first !== undefined) {
        await super.acknowledge(
          first.lane,
          deliveries.map(({ ordinal }) => ordinal),
        );
      }
      yield deliveries;
    }
  }

  protected override async acknowledge(): Promise<void> {}
}

export const eventBus: EventBusPlugin = {
  ...redis,
  createConsumer: (env, options) =>
    new ConsumerThatAcknowledgesTooEarly({ ...redisConsumerSettings(env), ...options }),
};
