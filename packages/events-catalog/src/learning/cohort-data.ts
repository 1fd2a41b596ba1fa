import { type OutputOf, record, string } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { CourseData } from './course-data.js';
import { UserData } from './user-data.js';

/** The membership of a user in a cohort. */
export const CohortData = record(
  'CohortData',
  {
    user: described(UserData, 'The member.'),
    course: described(CourseData, 'The course run the cohort belongs to.'),
    name: string({ doc: 'The name of the cohort.' }),
  },
  { doc: 'The membership of a user in a cohort.' },
);
export type CohortData = OutputOf<typeof CohortData>;
