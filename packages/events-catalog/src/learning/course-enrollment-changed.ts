import { defineSignal } from '@openedx-ts/events-core';
import { CourseEnrollmentData } from './course-enrollment-data.js';

/** An enrollment changed: its mode, say, or whether it is active. */
export const COURSE_ENROLLMENT_CHANGED = defineSignal({
  eventType: 'org.openedx.learning.course.enrollment.changed.v1',
  data: { enrollment: CourseEnrollmentData },
  doc: 'An enrollment changed: its mode, say, or whether it is active.',
  eventKeyField: 'enrollment.course.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '0.4.0',
});
