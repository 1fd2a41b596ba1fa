import { boolean, type OutputOf, record } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { CourseData } from './course-data.js';
import { UserData } from './user-data.js';

/** Whether a learner passes a course run. */
export const CoursePassingStatusData = record(
  'CoursePassingStatusData',
  {
    is_passing: boolean({ doc: 'Whether the present grade is a passing one.' }),
    course: described(CourseData, 'The course run.'),
    user: described(UserData, 'The learner.'),
  },
  { doc: 'Whether a learner passes a course run.' },
);
export type CoursePassingStatusData = OutputOf<typeof CoursePassingStatusData>;
