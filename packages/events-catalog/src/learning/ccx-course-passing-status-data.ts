import { type OutputOf, record } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { CcxCourseData } from './ccx-course-data.js';
import { CoursePassingStatusData } from './course-passing-status-data.js';

/** Whether a learner passes a CCX. Other than in the class it derives from, the course comes last. */
export const CcxCoursePassingStatusData = record(
  'CcxCoursePassingStatusData',
  {
    is_passing: CoursePassingStatusData.fields.is_passing,
    user: CoursePassingStatusData.fields.user,
    course: described(CcxCourseData, 'The CCX.'),
  },
  { doc: 'Whether a learner passes a CCX. Other than in the class it derives from, the course comes last.' },
);
export type CcxCoursePassingStatusData = OutputOf<typeof CcxCoursePassingStatusData>;
