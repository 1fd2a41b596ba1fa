import { MemoryBroker, MemoryEventBusProducer, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { createMetadata, startEventBus } from '@openedx-ts/events-core';
import { isolateSignals } from '@openedx-ts/events-testing';
import { expect, it, vi } from 'vitest';
import { redriveOrders } from './dead-letters.js';

it('the code of the guide redrives the dead letters of a group', async () => {
  using _signals = isolateSignals();
  const printed = vi.spyOn(console, 'log').mockReturnValue();
  const broker = new MemoryBroker({ partitions: 1 });
  await using bus = await startEventBus({ bus: memoryEventBus(broker) });
  let isFixed = false;
  const handled: string[] = [];
  COURSE_CREATED.connect(
    ({ metadata }) => {
      if (!isFixed) throw new Error('not ready for that');
      handled.push(metadata.id);
    },
    { name: 'mail' },
  );
  const consumer = await bus.createConsumer({ topics: ['orders'], groupId: 'mail', maxAttempts: 1 });
  const running = consumer.run();
  await consumer.ready;
  await using producer = new MemoryEventBusProducer({ broker });
  const metadata = createMetadata({ eventType: COURSE_CREATED.eventType });
  const data = { course: { course_key: 'course-v1:edX+DemoX+2026' } };
  await producer.send({
    signal: COURSE_CREATED,
    topic: 'orders',
    eventKeyField: 'course.course_key',
    data,
    metadata,
  });
  await vi.waitFor(() => expect(broker.messages('orders.mail.dlq')).toHaveLength(1));

  isFixed = true;
  expect(await redriveOrders(memoryEventBus(broker), {})).toBe(1);
  await vi.waitFor(() => expect(handled).toEqual([metadata.id]));
  expect(printed).toHaveBeenCalledExactlyOnceWith('0:0', 'Error: not ready for that');
  printed.mockRestore();
  await bus.close();
  await running;
});
