import { defineSignal } from '@openedx-ts/events-core';
import { CourseEnrollmentData } from './course-enrollment-data.js';

/** A user was enrolled in a course run. */
export const COURSE_ENROLLMENT_CREATED = defineSignal({
  eventType: 'org.openedx.learning.course.enrollment.created.v1',
  data: { enrollment: CourseEnrollmentData },
  doc: 'A user was enrolled in a course run.',
  eventKeyField: 'enrollment.course.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '0.4.0',
});
