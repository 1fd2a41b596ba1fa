import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_UNENROLLMENT_COMPLETED } from '@openedx-ts/events-catalog/learning/course-unenrollment-completed';
import { createMetadata, nullEventBus, type Producer } from '@openedx-ts/events-core';
import { eventFactory, isolateSignals, recordEvents } from '@openedx-ts/events-testing';
import type { RunningService } from '@openedx-ts/example-http-service';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startNotificationService } from './start-notification-service.js';

const enrolled = eventFactory(COURSE_ENROLLMENT_CREATED).build({
  enrollment: { user: { pii: { username: 'zoë' } }, course: { course_key: 'course-v1:edX+DemoX+2026' } },
});

let signals: ReturnType<typeof isolateSignals>;
let broker: MemoryBroker;
let service: RunningService;
let producer: Producer;

beforeEach(async () => {
  signals = isolateSignals();
  broker = new MemoryBroker();
  const bus = memoryEventBus(broker);
  producer = await bus.createProducer({});
  service = await startNotificationService({ bus, env: { PORT: '0' } });
});
afterEach(async () => {
  await service.close();
  await producer.close();
  signals.restore();
});

/** What enrollment-service does: puts an event on the bus. */
function publish(signal: typeof COURSE_ENROLLMENT_CREATED, metadata = createMetadata(signal)) {
  return producer.send({
    signal,
    topic: 'learning-course-enrollment-lifecycle',
    eventKeyField: 'enrollment.course.course_key',
    data: enrolled,
    metadata,
  });
}

async function get(path: string) {
  const response = await fetch(`${service.url}${path}`);
  return { status: response.status, body: (await response.json()) as unknown };
}

describe('the receivers of notification-service', () => {
  it('create a preference for a learner who was enrolled', async () => {
    using received = recordEvents(COURSE_ENROLLMENT_CREATED);
    await publish(COURSE_ENROLLMENT_CREATED);
    const { metadata } = await received.next();
    expect(await get('/preferences')).toEqual({
      status: 200,
      body: {
        preferences: [
          {
            username: 'zoë',
            course_key: 'course-v1:edX+DemoX+2026',
            channels: ['web', 'email'],
            created_by_event: metadata.id,
          },
        ],
      },
    });
  });

  it('create one preference when the event comes twice', async () => {
    using received = recordEvents(COURSE_ENROLLMENT_CREATED);
    const metadata = createMetadata(COURSE_ENROLLMENT_CREATED);
    await publish(COURSE_ENROLLMENT_CREATED, metadata);
    await publish(COURSE_ENROLLMENT_CREATED, metadata);
    await received.count(2);
    expect(await get('/preferences')).toMatchObject({ body: { preferences: [{ username: 'zoë' }] } });
  });

  it('drop the preference of a learner who left', async () => {
    using received = recordEvents(COURSE_UNENROLLMENT_COMPLETED);
    await publish(COURSE_ENROLLMENT_CREATED);
    await publish(COURSE_UNENROLLMENT_COMPLETED);
    await received.next();
    expect(await get('/preferences')).toMatchObject({ body: { preferences: [] } });
  });

  it('leave alone what is sent in the same process, since it comes over the bus too', async () => {
    await COURSE_ENROLLMENT_CREATED.sendEvent(enrolled);
    expect(await get('/preferences')).toMatchObject({ body: { preferences: [] } });
  });

  it('go by what is sent in the same process when there is no bus', async () => {
    await service.close();
    service = await startNotificationService({ bus: nullEventBus, env: { PORT: '0' } });
    await COURSE_ENROLLMENT_CREATED.sendEvent(enrolled);
    expect(await get('/preferences')).toMatchObject({ body: { preferences: [{ username: 'zoë' }] } });
  });
});

describe('GET /preferences/:username', () => {
  it('shows the preferences of one learner', async () => {
    using received = recordEvents(COURSE_ENROLLMENT_CREATED);
    await publish(COURSE_ENROLLMENT_CREATED);
    await received.next();
    const path = `/preferences/${encodeURIComponent('zoë')}`;
    expect(await get(path)).toMatchObject({ status: 200, body: { preferences: [{ username: 'zoë' }] } });
    expect(await get('/preferences/ada')).toEqual({ status: 200, body: { preferences: [] } });
  });
});

describe('/readyz', () => {
  it('reports when the broker is unreachable, and when it is back', async () => {
    await service.close();
    broker.stop();
    service = await startNotificationService({ bus: memoryEventBus(broker), env: { PORT: '0' } });
    await vi.waitFor(async () =>
      expect(await get('/readyz')).toMatchObject({
        status: 503,
        body: { ready: false, reasons: [expect.stringContaining('stopped')] },
      }),
    );
    expect(await get('/livez')).toMatchObject({ status: 200 });
    broker.start();
    await vi.waitFor(async () => expect(await get('/readyz')).toMatchObject({ status: 200 }), 5_000);
  });
});
