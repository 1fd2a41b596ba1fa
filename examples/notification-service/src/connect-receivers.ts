import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_UNENROLLMENT_COMPLETED } from '@openedx-ts/events-catalog/learning/course-unenrollment-completed';
import type { ReceivedData } from '@openedx-ts/events-core';
import { defaultChannels } from './preference.js';
import type { PreferenceRepository } from './preference-repository.js';

/**
 * Keeps preferences in step with enrolments. Delivery is at least once, so a receiver must be idempotent:
 * adding or removing a preference twice changes nothing.
 */
export function connectReceivers(
  preferences: PreferenceRepository,
  options: {
    /**
     * The events to process. In a process that contains the sender too, each event arrives twice: when it is sent, and over the
     * bus. A service on a bus processes only those from the bus, whose order is the same for every service.
     */
    readonly from: 'bus' | 'process';
    /** Disconnects the receivers when aborted. */
    readonly abortSignal?: AbortSignal;
  },
): void {
  const { from, ...connectOptions } = options;
  const counts = (fromEventBus: boolean) => fromEventBus === (from === 'bus');

  COURSE_ENROLLMENT_CREATED.connect(
    async ({ data, metadata, fromEventBus }) => {
      if (!counts(fromEventBus)) return;
      await preferences.addIfAbsent({
        ...learnerAndCourse(data),
        channels: defaultChannels,
        createdByEvent: metadata.id,
      });
    },
    { ...connectOptions, name: 'create-preference' },
  );
  COURSE_UNENROLLMENT_COMPLETED.connect(
    async ({ data, fromEventBus }) => {
      if (!counts(fromEventBus)) return;
      const { username, courseKey } = learnerAndCourse(data);
      await preferences.remove(username, courseKey);
    },
    { ...connectOptions, name: 'drop-preference' },
  );
}

function learnerAndCourse({ enrollment }: ReceivedData<typeof COURSE_ENROLLMENT_CREATED>) {
  return { username: enrollment.user.pii.username, courseKey: enrollment.course.course_key.text };
}
