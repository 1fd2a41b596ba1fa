import {
  MemoryBroker,
  MemoryEventBusAdmin,
  MemoryEventBusConsumer,
  MemoryEventBusProducer,
} from '@openedx-ts/event-bus-memory';
import type { Consumer } from '@openedx-ts/events-core';
import type { BusHarness } from './bus-harness.js';

// #region harness
/** The harness of the memory bus: the smallest whole one, and a model for that of your bus. */
export function memoryHarness({
  broker = new MemoryBroker({ maxMessageBytes: 1_048_588 }),
} = {}): BusHarness {
  return {
    name: 'memory bus',
    capabilities: {
      orderWithSeveralConsumers: true,
      startAtTime: true,
      startAtPosition: true,
      tombstones: true,
      repeatedHeaders: true,
      binaryHeaders: true,
      deliveryCounts: true,
      acknowledgementsAhead: true,
    },
    createProducer: (producerOptions) => new MemoryEventBusProducer({ broker, ...producerOptions }),
    createConsumer: (consumerOptions) => new MemoryEventBusConsumer({ broker, ...consumerOptions }),
    crashConsumer: (consumer: Consumer) => (consumer as MemoryEventBusConsumer).crash(),
    createAdmin: () => new MemoryEventBusAdmin(broker),
    outage: { stop: async () => broker.stop(), start: async () => broker.start() },
    laneOutage: { missing: 'one partition of a memory broker never stops alone' },
    refusal: { stop: async () => broker.stop(), start: async () => broker.start() },
    maxMessageBytes: Number.isFinite(broker.maxMessageBytes)
      ? broker.maxMessageBytes
      : { missing: 'this broker takes messages of any size' },
    readTopic: async (fullTopic) => broker.messages(fullTopic),
  };
}
// #endregion harness
