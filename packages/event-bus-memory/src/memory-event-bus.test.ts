import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineGreeting } from './greeting.test-support.js';
import { MemoryBroker } from './memory-broker.js';
import { MemoryEventBusConsumer } from './memory-event-bus-consumer.js';
import { MemoryEventBusProducer } from './memory-event-bus-producer.js';

let restore: () => void;
beforeEach(() => {
  restore = snapshotSignals();
});
afterEach(() => restore());

describe('the memory bus', () => {
  it('carries an event from a producer to the receivers of a consumer', async () => {
    const GREETING_SENT = defineGreeting();
    const broker = new MemoryBroker();
    await using consumer = new MemoryEventBusConsumer({ broker, topics: ['greetings'], groupId: 'a' });
    const arrived = new Promise((resolve) => GREETING_SENT.connect(resolve));
    const running = consumer.run();
    await consumer.ready;

    await using producer = new MemoryEventBusProducer({ broker });
    const { createMetadata } = await import('@openedx-ts/events-core');
    const metadata = createMetadata({ eventType: GREETING_SENT.eventType });
    const receipt = await producer.send({
      signal: GREETING_SENT,
      topic: 'greetings',
      eventKeyField: 'greeting.to',
      data: { greeting: { to: 'Ada', times: 3 } },
      metadata,
    });
    expect(receipt).toMatchObject({ eventId: metadata.id, topic: 'greetings' });
    expect(await arrived).toMatchObject({
      data: { greeting: { to: 'Ada', times: 3 } },
      metadata: { id: metadata.id },
      fromEventBus: true,
      delivery: { topic: 'greetings', groupId: 'a', attempt: 1 },
    });
    consumer.stop();
    await running;
  });
});
