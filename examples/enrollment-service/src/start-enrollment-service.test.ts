import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_UNENROLLMENT_COMPLETED } from '@openedx-ts/events-catalog/learning/course-unenrollment-completed';
import { assertPublished, assertReceived, isolateSignals, recordEvents } from '@openedx-ts/events-testing';
import type { RunningService } from '@openedx-ts/example-http-service';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callService } from './call-service.test-support.js';
import { memoryEnrollmentRepository } from './enrollment-repository.js';
import { startEnrollmentService } from './start-enrollment-service.js';

const broker = new MemoryBroker();
const ada = {
  username: 'ada',
  email: 'ada@example.org',
  name: 'Ada Lovelace',
  course_key: 'course-v1:edX+DemoX+2026',
};
const adaInDemoX = '/enrollments/ada/course-v1:edX+DemoX+2026';

let signals: ReturnType<typeof isolateSignals>;
let service: RunningService;

beforeEach(async () => {
  signals = isolateSignals();
  service = await startEnrollmentService({ bus: memoryEventBus(broker), env: { PORT: '0' } });
});
afterEach(async () => {
  await service.close();
  signals.restore();
});

const call = (method: string, path: string, body?: object | string) =>
  callService(service.url, method, path, body);

describe('POST /enrollments', () => {
  it('enrols the learner, sends the event and returns the results of its receivers', async () => {
    using sent = recordEvents(COURSE_ENROLLMENT_CREATED);
    const answer = await call('POST', '/enrollments', ada);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        enrollment: { ...ada, mode: 'audit' },
        receivers: [
          { receiver: 'route:learning-course-enrollment-lifecycle', status: 'pending' },
          { receiver: 'recorder', status: 'fulfilled' },
        ],
      },
    });
    assertReceived(sent, {
      enrollment: {
        user: {
          id: 1,
          is_active: true,
          pii: { username: 'ada', email: 'ada@example.org', name: 'Ada Lovelace' },
        },
        course: { course_key: 'course-v1:edX+DemoX+2026' },
        mode: 'audit',
        is_active: true,
      },
    });
  });

  it('publishes the event to the topic of enrolments', async () => {
    await call('POST', '/enrollments', { ...ada, mode: 'verified' });
    const published = await assertPublished(broker, COURSE_ENROLLMENT_CREATED, {
      enrollment: { mode: 'verified' },
    });
    expect(published.topic).toBe('learning-course-enrollment-lifecycle');
  });

  it('refuses to enrol a learner twice in a course', async () => {
    await call('POST', '/enrollments', ada);
    using sent = recordEvents(COURSE_ENROLLMENT_CREATED);
    expect(await call('POST', '/enrollments', ada)).toMatchObject({
      status: 409,
      body: { error: { code: 'ALREADY_ENROLLED' } },
    });
    expect(sent.events).toEqual([]);
  });

  it.each([
    ['a wrong course key', { ...ada, course_key: 'DemoX' }, 'course_key'],
    ['a missing username', { ...ada, username: undefined }, 'username'],
    ['an empty username', { ...ada, username: ' ' }, 'username'],
    ['an unknown mode', { ...ada, mode: 'free' }, 'mode'],
    ['an unknown field', { ...ada, curse_key: '' }, 'curse_key'],
  ])('refuses %s and names the field', async (_what, body, path) => {
    expect(await call('POST', '/enrollments', body)).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_REQUEST', issues: [{ path, message: expect.any(String) }] } },
    });
  });

  it('refuses a body that is no JSON', async () => {
    expect(await call('POST', '/enrollments', '{"username":')).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_REQUEST', issues: [] } },
    });
  });
});

describe('DELETE /enrollments/:username/:course_key', () => {
  it('removes the learner and sends the event to the same partition', async () => {
    await call('POST', '/enrollments', ada);
    const joined = await assertPublished(broker, COURSE_ENROLLMENT_CREATED);
    expect(await call('DELETE', adaInDemoX)).toMatchObject({
      status: 200,
      body: { enrollment: { username: 'ada' }, receivers: [{ status: 'pending' }] },
    });
    const left = await assertPublished(broker, COURSE_UNENROLLMENT_COMPLETED, {
      enrollment: { user: { pii: { username: 'ada' } }, is_active: false },
    });
    expect(left.message).toMatchObject({
      topic: joined.message.topic,
      partition: joined.message.partition,
      key: joined.message.key,
    });
  });

  it('answers 404 when the learner is not in the course', async () => {
    expect(await call('DELETE', adaInDemoX)).toMatchObject({
      status: 404,
      body: { error: { code: 'NOT_ENROLLED' } },
    });
  });

  it('refuses a wrong course key', async () => {
    expect(await call('DELETE', '/enrollments/ada/DemoX')).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_REQUEST', issues: [{ path: 'course_key' }] } },
    });
  });
});

describe('COURSE_PLACES', () => {
  it('takes back an enrolment that fails after its event was sent, and publishes nothing', async () => {
    await service.close();
    const env = { PORT: '0', EVENT_BUS_TOPIC_PREFIX: 'full', COURSE_PLACES: `{"${ada.course_key}":1}` };
    service = await startEnrollmentService({ bus: memoryEventBus(broker), env });
    await call('POST', '/enrollments', ada);
    expect(await call('POST', '/enrollments', { ...ada, username: 'grace' })).toMatchObject({
      status: 409,
      body: { error: { code: 'COURSE_FULL' } },
    });
    expect(await call('GET', '/enrollments')).toMatchObject({
      body: { enrollments: [{ username: 'ada' }] },
    });
    await service.close();
    expect(broker.messages('full-learning-course-enrollment-lifecycle')).toHaveLength(1);
  });
});

describe('GET /enrollments', () => {
  it('lists who is enrolled', async () => {
    await call('POST', '/enrollments', ada);
    await call('POST', '/enrollments', { ...ada, username: 'grace' });
    await call('DELETE', adaInDemoX);
    expect(await call('GET', '/enrollments')).toMatchObject({
      status: 200,
      body: { enrollments: [{ username: 'grace', course_key: 'course-v1:edX+DemoX+2026' }] },
    });
  });
});

describe('startEnrollmentService', () => {
  it('lets the operator switch a route off', async () => {
    const event_key_field = 'enrollment.course.course_key';
    const off = { 'learning-course-enrollment-lifecycle': { event_key_field, enabled: false } };
    await service.close();
    service = await startEnrollmentService({
      bus: memoryEventBus(broker),
      env: {
        PORT: '0',
        EVENT_BUS_PRODUCER_CONFIG: JSON.stringify({ [COURSE_ENROLLMENT_CREATED.eventType]: off }),
      },
    });
    expect(await call('POST', '/enrollments', ada)).toMatchObject({ status: 201, body: { receivers: [] } });
  });

  it.each([
    ['PORT', { PORT: 'http' }, 'EVENTS_INVALID_OPTIONS'],
    ['COURSE_PLACES', { COURSE_PLACES: '{"a": "many"}' }, 'EVENTS_INVALID_OPTIONS'],
    ['EVENT_BUS_PRODUCER_CONFIG', { EVENT_BUS_PRODUCER_CONFIG: '{' }, 'EVENTS_PRODUCER_CONFIGURATION'],
  ])('does not start with a wrong %s', async (_name, env, code) => {
    await expect(startEnrollmentService({ bus: memoryEventBus(broker), env })).rejects.toMatchObject({
      code,
    });
  });

  it('does not start without a bus', async () => {
    await expect(startEnrollmentService({ env: { PORT: '0' } })).rejects.toMatchObject({
      code: 'EVENTS_INVALID_OPTIONS',
      subject: 'EVENT_BUS',
    });
  });

  it('finishes the request in flight and publishes its event before it is closed', async () => {
    const repository = memoryEnrollmentRepository();
    let letGo = () => {};
    const isHeld = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let startRequest = () => {};
    const isInFlight = new Promise<void>((resolve) => {
      startRequest = resolve;
    });
    await service.close();
    service = await startEnrollmentService({
      bus: memoryEventBus(broker),
      env: { PORT: '0', EVENT_BUS_TOPIC_PREFIX: 'slow' },
      repository: {
        ...repository,
        add: async (enrollment) => {
          startRequest();
          await isHeld;
          return repository.add(enrollment);
        },
      },
    });
    const answer = fetch(`${service.url}/enrollments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ada),
    });
    await isInFlight;
    const closed = service.close();
    await vi.waitFor(() => expect(fetch(`${service.url}/livez`)).rejects.toThrow());
    letGo();
    expect((await answer).status).toBe(201);
    await closed;
    expect(broker.messages('slow-learning-course-enrollment-lifecycle')).toHaveLength(1);
  });
});
