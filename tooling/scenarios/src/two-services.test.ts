import { MemoryBroker, MemoryEventBusConsumer, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { type ReceiverResult, route, type SignalEvent } from '@openedx-ts/events-core';
import { connectRoutes } from '@openedx-ts/events-core/bus';
import { isolateSignals } from '@openedx-ts/events-testing';
import { describe, expect, it } from 'vitest';
import { enrollment } from './sample-data.js';

const topic = 'learning-course-enrollment-lifecycle';

describe('an event that crosses the bus', () => {
  it('fires the same signal with equal data and metadata, once in each group, and is not published again', async () => {
    using _signals = isolateSignals();
    const broker = new MemoryBroker();
    await using producer = new MemoryEventBusProducer({ broker });
    using _routes = connectRoutes(producer, [
      route(COURSE_ENROLLMENT_CREATED, { topic, eventKeyField: 'enrollment.course.course_key' }),
    ]);
    await using grades = new MemoryEventBusConsumer({ broker, topics: [topic], groupId: 'grades' });
    await using mail = new MemoryEventBusConsumer({ broker, topics: [topic], groupId: 'mail' });
    const events: SignalEvent[] = [];
    const both = new Promise<void>((resolve) => {
      COURSE_ENROLLMENT_CREATED.connect((event) => {
        events.push(event as unknown as SignalEvent);
        if (events.length === 3) resolve();
      });
    });
    const running = [grades.run(), mail.run()];
    await Promise.all([grades.ready, mail.ready]);

    const results = await COURSE_ENROLLMENT_CREATED.sendEvent({ enrollment });
    expect(results.map(({ status }) => status)).toEqual(['pending', 'fulfilled']);
    const receipt = await (results[0] as Extract<ReceiverResult, { status: 'pending' }>).receipt;
    expect(receipt).toMatchObject({ topic });
    await both;
    await Promise.all([grades.close(), mail.close(), ...running]);

    const [local, ...consumed] = events as [SignalEvent, SignalEvent, SignalEvent];
    expect(local.fromEventBus).toBe(false);
    expect(consumed.map(({ delivery }) => delivery?.groupId).sort()).toEqual(['grades', 'mail']);
    for (const event of consumed) {
      expect(event.fromEventBus).toBe(true);
      expect(event.signal).toBe(COURSE_ENROLLMENT_CREATED);
      expect(event.data).toEqual(local.data);
      expect(event.metadata).toEqual(local.metadata);
    }
    expect(broker.messages(topic)).toHaveLength(1);
  });
});
