import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_UNENROLLMENT_COMPLETED } from '@openedx-ts/events-catalog/learning/course-unenrollment-completed';
import type { ReceiverResult } from '@openedx-ts/events-core';
import type { CourseKey } from '@openedx-ts/opaque-keys';
import { type Enrollment, toEventData } from './enrollment.js';
import type { EnrollmentRepository } from './enrollment-repository.js';

/** The operations of this service. */
export interface Enrollments {
  /** Enrols a learner and sends the event; undefined when the learner is already in the course. */
  enroll(wanted: Omit<Enrollment, 'userId' | 'createdAt'>): Promise<EnrollmentChange | undefined>;
  /** Unenrols a learner and sends the event; undefined when the learner is not in the course. */
  unenroll(username: string, courseKey: CourseKey): Promise<EnrollmentChange | undefined>;
  list(): Promise<readonly Enrollment[]>;
}

/** An enrolment that was changed, and the result of each receiver of its event. */
export interface EnrollmentChange {
  readonly enrollment: Enrollment;
  readonly results: readonly ReceiverResult[];
}

/**
 * Creates the operations. An event is sent after its change is stored, never before. Sending does not wait for the bus: the result of a
 * route is `pending`, and an event that the bus cannot accept now waits in the producer.
 */
export function createEnrollments(repository: EnrollmentRepository): Enrollments {
  return {
    enroll: async (wanted) => {
      const userId = await repository.userIdOf(wanted.username);
      const enrollment: Enrollment = { ...wanted, userId, createdAt: new Date() };
      if (!(await repository.add(enrollment))) return undefined;
      const results = await COURSE_ENROLLMENT_CREATED.sendEvent(toEventData(enrollment, { isActive: true }), {
        time: enrollment.createdAt,
      });
      return { enrollment, results };
    },
    unenroll: async (username, courseKey) => {
      const enrollment = await repository.remove(username, courseKey);
      if (enrollment === undefined) return undefined;
      const results = await COURSE_UNENROLLMENT_COMPLETED.sendEvent(
        toEventData(enrollment, { isActive: false }),
      );
      return { enrollment, results };
    },
    list: () => repository.list(),
  };
}
