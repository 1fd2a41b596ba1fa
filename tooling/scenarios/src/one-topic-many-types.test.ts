import { MemoryBroker, MemoryEventBusConsumer, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { SESSION_LOGIN_COMPLETED } from '@openedx-ts/events-catalog/learning/session-login-completed';
import { STUDENT_REGISTRATION_COMPLETED } from '@openedx-ts/events-catalog/learning/student-registration-completed';
import { type EventsMetadata, route } from '@openedx-ts/events-core';
import { connectRoutes } from '@openedx-ts/events-core/bus';
import { isolateSignals } from '@openedx-ts/events-testing';
import { describe, expect, it } from 'vitest';
import { course, learner } from './sample-data.js';

const topic = 'everything';

describe('registration, login and course creation on one topic', () => {
  it('arrive in one consumer, which prints type, minor version and time of each', async () => {
    using _signals = isolateSignals();
    const broker = new MemoryBroker({ partitions: 1 });
    await using producer = new MemoryEventBusProducer({ broker });
    using _routes = connectRoutes(producer, [
      route(STUDENT_REGISTRATION_COMPLETED, { topic, eventKeyField: 'user.pii.username' }),
      route(SESSION_LOGIN_COMPLETED, { topic, eventKeyField: 'user.pii.username' }),
      route(COURSE_CREATED, { topic, eventKeyField: 'course.course_key' }),
    ]);
    await using consumer = new MemoryEventBusConsumer({ broker, topics: [topic], groupId: 'audit' });
    const printed: string[] = [];
    const all = new Promise<void>((resolve) => {
      const print = (event: { readonly metadata: EventsMetadata; readonly fromEventBus: boolean }) => {
        const { eventType, minorVersion, time } = event.metadata;
        if (event.fromEventBus) printed.push(`${eventType} ${minorVersion} ${time.iso}`);
        if (printed.length === 3) resolve();
      };
      STUDENT_REGISTRATION_COMPLETED.connect(print);
      SESSION_LOGIN_COMPLETED.connect(print);
      COURSE_CREATED.connect(print);
    });
    const running = consumer.run();
    await consumer.ready;

    const time = '2026-01-02T03:04:05.678901+00:00';
    await STUDENT_REGISTRATION_COMPLETED.sendEvent({ user: learner }, { time });
    await SESSION_LOGIN_COMPLETED.sendEvent({ user: learner }, { time });
    await COURSE_CREATED.sendEvent({ course: { course_key: course.course_key } }, { time });
    await all;
    consumer.stop();
    await running;

    expect(printed).toEqual([
      `org.openedx.learning.student.registration.completed.v1 0 ${time}`,
      `org.openedx.learning.auth.session.login.completed.v1 0 ${time}`,
      `org.openedx.content_authoring.course.created.v1 0 ${time}`,
    ]);
  });
});
