import type { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import type { SentData } from '@openedx-ts/events-core';
import type { CourseKey } from '@openedx-ts/opaque-keys';

/** A learner in a course run. */
export interface Enrollment {
  readonly userId: number;
  readonly username: string;
  readonly email: string;
  /** Empty when unknown. */
  readonly name: string;
  readonly courseKey: CourseKey;
  readonly mode: string;
  readonly createdAt: Date;
}

/** An enrolment as returned by this service's HTTP API. */
export interface EnrollmentJson {
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly course_key: string;
  readonly mode: string;
  readonly created: string;
}

/** An enrolment in the form of the HTTP API. */
export function toJson({ username, email, name, courseKey, mode, createdAt }: Enrollment): EnrollmentJson {
  return { username, email, name, course_key: courseKey.text, mode, created: createdAt.toISOString() };
}

/** An enrolment in the form of the catalogue's events. */
export function toEventData(
  enrollment: Enrollment,
  { isActive }: { readonly isActive: boolean },
): SentData<typeof COURSE_ENROLLMENT_CREATED> {
  const { userId, username, email, name, courseKey, mode, createdAt } = enrollment;
  return {
    enrollment: {
      user: { id: userId, is_active: true, pii: { username, email, name } },
      course: { course_key: courseKey },
      mode,
      is_active: isActive,
      creation_date: createdAt,
    },
  };
}
