export { eventBus, memoryEventBus } from './event-bus.js';
export { defaultMemoryBroker, MemoryBroker, type MemoryBrokerOptions } from './memory-broker.js';
export { MemoryEventBusAdmin } from './memory-event-bus-admin.js';
export { MemoryEventBusConsumer } from './memory-event-bus-consumer.js';
export { MemoryEventBusProducer } from './memory-event-bus-producer.js';
export type { StoredMessage } from './memory-topic.js';
