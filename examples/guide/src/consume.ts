import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { InfrastructureError, type StartedEventBus } from '@openedx-ts/events-core';

/** Stores the preferences of learners. */
export interface Preferences {
  /** Adds one; adding it again changes nothing. */
  add(username: string, courseKey: string): Promise<void>;
}

// #region receiver
export function connectPreferences(preferences: Preferences): Disposable {
  return COURSE_ENROLLMENT_CREATED.connect(
    async ({ data }) => {
      const { user, course } = data.enrollment;
      try {
        await preferences.add(user.pii.username, course.course_key.toString());
      } catch (cause) {
        throw new InfrastructureError('the preferences cannot be stored right now', { cause });
      }
    },
    { name: 'create-preference' },
  );
}
// #endregion receiver

// #region from-bus
/** For a process that sends these events and consumes them: each is acted on once. */
export function connectPreferencesFromBus(preferences: Preferences): Disposable {
  return COURSE_ENROLLMENT_CREATED.connect(
    async ({ data, fromEventBus }) => {
      if (!fromEventBus) return; // it arrives again, over the bus
      const { user, course } = data.enrollment;
      await preferences.add(user.pii.username, course.course_key.toString());
    },
    { name: 'create-preference-once' },
  );
}
// #endregion from-bus

// #region run
export async function consume(bus: StartedEventBus, abortSignal: AbortSignal): Promise<void> {
  const consumer = await bus.createConsumer({
    topics: ['learning-course-enrollment-lifecycle'],
    groupId: 'notifications',
    maxAttempts: 5,
  });
  await consumer.run({ abortSignal });
}
// #endregion run
