import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { createMetadata, startEventBus } from '@openedx-ts/events-core';
import { eventFactory, isolateSignals } from '@openedx-ts/events-testing';
import { expect, it, vi } from 'vitest';
import { connectEnrolments, consumeInBatches } from './batches.js';

it('events are inserted together, and acknowledged after that', async () => {
  using _signals = isolateSignals();
  const broker = new MemoryBroker({ partitions: 1 });
  await using bus = await startEventBus({ bus: memoryEventBus(broker) });
  const { eventType } = COURSE_ENROLLMENT_CREATED;
  const factory = eventFactory(COURSE_ENROLLMENT_CREATED);
  const send = (key: number) =>
    bus.producer?.send({
      signal: COURSE_ENROLLMENT_CREATED,
      topic: 'learning-course-enrollment-lifecycle',
      eventKeyField: 'enrollment.course.course_key',
      data: factory.build({ enrollment: { course: { course_key: `course-v1:edX+Demo+${key}` } } }),
      metadata: createMetadata({ eventType }),
    });
  const inserted: number[] = [];
  let confirm = () => {};
  const written = new Promise<void>((resolve) => {
    confirm = resolve;
  });
  connectEnrolments({
    insert: async (rows) => {
      inserted.push(rows.length);
      await written;
    },
  });
  const stop = new AbortController();
  const consuming = consumeInBatches(bus, stop.signal);
  await vi.waitFor(async () => {
    await send(0);
    expect(inserted).not.toEqual([]);
  });
  const before = inserted.length;
  await Promise.all(Array.from({ length: 40 }, (_, key) => send(key + 1)));
  await vi.waitFor(() => expect(inserted.reduce((sum, rows) => sum + rows, 0)).toBeGreaterThanOrEqual(41));
  expect(inserted.length - before).toBeLessThan(40);
  confirm();
  stop.abort();
  await consuming;
});
