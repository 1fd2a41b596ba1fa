// A bus with the mistake that a soak is there to find: it leaves a listener behind with every batch.
import { RedisEventBusConsumer, eventBus as redis, redisConsumerSettings } from '@openedx-ts/event-bus-redis';
import type { EventBusPlugin } from '@openedx-ts/events-core';
import type { Delivery } from '@openedx-ts/events-core/bus';

class ConsumerThatKeepsListeners extends RedisEventBusConsumer {
  protected override async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    for await (const deliveries of super.receive(abortSignal)) {
      process.on('SIGUSR2', () => deliveries);
      yield deliveries;
    }
  }
}

export const eventBus: EventBusPlugin = {
  ...redis,
  createConsumer: (env, options) =>
    new ConsumerThatKeepsListeners({ ...redisConsumerSettings(env), ...options }),
};
