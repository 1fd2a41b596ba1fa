import { boolean, datetime, type OutputOf, optional, record, string } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { CourseData } from './course-data.js';
import { UserData } from './user-data.js';

/** The enrollment of a user in a course run. */
export const CourseEnrollmentData = record(
  'CourseEnrollmentData',
  {
    user: described(UserData, 'The enrolled user.'),
    course: described(CourseData, 'The course run.'),
    mode: string({ doc: 'The enrollment mode, e.g. `audit` or `verified`.' }),
    is_active: boolean({ doc: 'Whether the user is enrolled at present.' }),
    creation_date: datetime({ doc: 'When the user was first enrolled.' }),
    created_by: optional(UserData, { doc: 'Who enrolled the user, when it was somebody else.' }),
  },
  { doc: 'The enrollment of a user in a course run.' },
);
export type CourseEnrollmentData = OutputOf<typeof CourseEnrollmentData>;
