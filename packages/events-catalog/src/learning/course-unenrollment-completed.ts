import { defineSignal } from '@openedx-ts/events-core';
import { CourseEnrollmentData } from './course-enrollment-data.js';

/** A user left a course run. */
export const COURSE_UNENROLLMENT_COMPLETED = defineSignal({
  eventType: 'org.openedx.learning.course.unenrollment.completed.v1',
  data: { enrollment: CourseEnrollmentData },
  doc: 'A user left a course run.',
  eventKeyField: 'enrollment.course.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '0.4.0',
});
