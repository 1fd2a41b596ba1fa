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
