import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_UNENROLLMENT_COMPLETED } from '@openedx-ts/events-catalog/learning/course-unenrollment-completed';
import type { ReceiverResult } from '@openedx-ts/events-core';
import type { CourseKey } from '@openedx-ts/opaque-keys';
import { type Enrollment, toEventData } from './enrollment.js';
import type { EnrollmentStorage } from './storage/enrollment-storage.js';

/** The operations of this service. */
export interface Enrollments {
  /**
   * Enrols a learner and sends the event; undefined when the learner is already in the course.
   *
   * @throws CourseFullError
   */
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

/** A course has no place left. */
export class CourseFullError extends Error {
  override readonly name = 'CourseFullError';
}

/**
 * Creates the operations. Each is one change of the storage, with its event: the event is published if the change is kept.
 * Sending does not wait for the bus.
 *
 * @param places how many learners a course takes, by course key; any number when it is not named
 */
export function createEnrollments(
  storage: Pick<EnrollmentStorage, 'change'>,
  places: ReadonlyMap<string, number> = new Map(),
): Enrollments {
  return {
    enroll: (wanted) =>
      storage.change(async (repository) => {
        const userId = await repository.userIdOf(wanted.username);
        const enrollment: Enrollment = { ...wanted, userId, createdAt: new Date() };
        if (!(await repository.add(enrollment))) return undefined;
        const results = await COURSE_ENROLLMENT_CREATED.sendEvent(
          toEventData(enrollment, { isActive: true }),
          { time: enrollment.createdAt },
        );
        // Counted with this enrolment. Its event was sent already, and is dropped with it.
        const limit = places.get(wanted.courseKey.text) ?? Number.POSITIVE_INFINITY;
        if (limit < Number.POSITIVE_INFINITY && (await repository.countIn(wanted.courseKey)) > limit) {
          throw new CourseFullError(`${wanted.courseKey.text} has no place left`);
        }
        return { enrollment, results };
      }),
    unenroll: (username, courseKey) =>
      storage.change(async (repository) => {
        const enrollment = await repository.remove(username, courseKey);
        if (enrollment === undefined) return undefined;
        const results = await COURSE_UNENROLLMENT_COMPLETED.sendEvent(
          toEventData(enrollment, { isActive: false }),
        );
        return { enrollment, results };
      }),
    list: () => storage.change((repository) => repository.list()),
  };
}
