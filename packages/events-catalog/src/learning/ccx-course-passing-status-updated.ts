import { defineSignal } from '@openedx-ts/events-core';
import { CcxCoursePassingStatusData } from './ccx-course-passing-status-data.js';

/** A new grade of a learner in a CCX was held against the passing grade. */
export const CCX_COURSE_PASSING_STATUS_UPDATED = defineSignal({
  eventType: 'org.openedx.learning.ccx.course.passing.status.updated.v1',
  data: { course_passing_status: CcxCoursePassingStatusData },
  doc: 'A new grade of a learner in a CCX was held against the passing grade.',
  eventKeyField: 'course_passing_status.course.ccx_course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '9.10.0',
});
