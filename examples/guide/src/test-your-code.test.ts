import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { eventFactory, isolateSignals, recordEvents } from '@openedx-ts/events-testing';
import { expect, it } from 'vitest';
import { connectPreferences } from './consume.js';
import { enroll } from './send-and-route.js';

// #region test
it('sends an event for every enrolment', async () => {
  using _signals = isolateSignals();
  using events = recordEvents(COURSE_ENROLLMENT_CREATED);

  await enroll({ userId: 7, username: 'ada', email: 'ada@example.org', courseKey, createdAt: new Date() });

  const { data } = await events.next();
  expect(data.enrollment.user.pii.username).toBe('ada');
});

it('creates one preference, also when the event comes twice', async () => {
  using _signals = isolateSignals();
  const preferences = new Set<string>();
  connectPreferences({ add: async (username) => void preferences.add(username) });

  const data = eventFactory(COURSE_ENROLLMENT_CREATED, { seed: 1 }).build();
  await COURSE_ENROLLMENT_CREATED.sendEvent(data);
  await COURSE_ENROLLMENT_CREATED.sendEvent(data);

  expect(preferences.size).toBe(1);
});
// #endregion test

const courseKey = 'course-v1:edX+DemoX+2026';
