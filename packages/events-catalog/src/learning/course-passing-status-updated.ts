import { defineSignal } from '@openedx-ts/events-core';
import { CoursePassingStatusData } from './course-passing-status-data.js';

/** A new grade of a learner in a course run was held against the passing grade. */
export const COURSE_PASSING_STATUS_UPDATED = defineSignal({
  eventType: 'org.openedx.learning.course.passing.status.updated.v1',
  data: { course_passing_status: CoursePassingStatusData },
  doc: 'A new grade of a learner in a course run was held against the passing grade.',
  eventKeyField: 'course_passing_status.course.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '9.10.0',
});
