import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { configureEvents, type EventBusPlugin, nullEventBus } from '@openedx-ts/events-core';
import { eventFactory, isolateSignals, recordEvents } from '@openedx-ts/events-testing';
import type { EnrollmentReply } from '@openedx-ts/example-enrollment-service';
import type { PreferenceJson } from '@openedx-ts/example-notification-service';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { request } from './http-client.js';
import type { Services } from './services.js';
import { startServices } from './start-services.js';

let signals: ReturnType<typeof isolateSignals>;
let services: Services;

beforeEach(() => {
  signals = isolateSignals({ runtime: { dispatch: 'robust' } });
});
afterEach(async () => {
  await services.close();
  signals.restore();
});

async function start(bus: EventBusPlugin) {
  services = await startServices({ bus, env: {} });
}

function enroll(username: string) {
  return request<EnrollmentReply>('POST', `${services.enrollmentUrl}/enrollments`, 201, {
    username,
    email: `${username}@example.org`,
    course_key: 'course-v1:edX+DemoX+2026',
  });
}

async function learnersWithPreferences() {
  const url = `${services.notificationUrl}/preferences`;
  const { preferences } = await request<{ preferences: readonly PreferenceJson[] }>('GET', url, 200);
  return preferences.map(({ username }) => username);
}

describe('both services in one process without a bus', () => {
  const receiverC = vi.fn();

  beforeEach(async () => {
    await start(nullEventBus);
    COURSE_ENROLLMENT_CREATED.connect(
      () => {
        throw new Error('B cannot');
      },
      { name: 'B' },
    );
    receiverC.mockClear();
    COURSE_ENROLLMENT_CREATED.connect(receiverC, { name: 'C' });
  });

  it('enrol a learner although a receiver fails, and run the receivers behind it', async () => {
    const { receivers } = await enroll('ada');
    expect(receivers.filter(({ receiver }) => !receiver.startsWith('route:'))).toEqual([
      { receiver: 'create-preference', status: 'fulfilled' },
      { receiver: 'B', status: 'rejected' },
      { receiver: 'C', status: 'fulfilled' },
    ]);
    expect(await learnersWithPreferences()).toEqual(['ada']);
  });

  it('stop at the receiver that fails in loud mode', async () => {
    using _loud = configureEvents({ dispatch: 'loud' });
    const sending = COURSE_ENROLLMENT_CREATED.sendEvent(eventFactory(COURSE_ENROLLMENT_CREATED).build());
    await expect(sending).rejects.toMatchObject({ code: 'EVENTS_RECEIVER_FAILED', receiver: 'B' });
    expect(receiverC).not.toHaveBeenCalled();
  });
});

describe('both services on a bus', () => {
  it('enrol at once while the broker is unreachable, and create the preference once it is reachable again', async () => {
    const broker = new MemoryBroker();
    await start(memoryEventBus(broker));
    await enroll('warm-up');
    await vi.waitFor(async () => expect(await learnersWithPreferences()).toEqual(['warm-up']));

    using received = recordEvents(COURSE_ENROLLMENT_CREATED, { timeoutMs: 10_000 });
    broker.stop();
    const learners = ['ada', 'grace', 'alan', 'edsger', 'barbara'];
    for (const learner of learners) {
      const { receivers } = await enroll(learner);
      expect(receivers).toContainEqual({
        receiver: 'route:learning-course-enrollment-lifecycle',
        status: 'pending',
      });
    }
    expect(await learnersWithPreferences()).toEqual(['warm-up']);

    broker.start();
    await received.matching(
      ({ fromEventBus, data }) => fromEventBus && data.enrollment.user.pii.username === 'barbara',
    );
    expect(await learnersWithPreferences()).toEqual(['warm-up', ...learners]);
  });
});
