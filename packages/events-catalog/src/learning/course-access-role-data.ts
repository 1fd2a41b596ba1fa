import { type OutputOf, record, string } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { courseKey } from '../keys.js';
import { UserData } from './user-data.js';

/** A role of a user in a course run. */
export const CourseAccessRoleData = record(
  'CourseAccessRoleData',
  {
    user: described(UserData, 'Who has the role.'),
    org_key: string({ doc: 'The organization.' }),
    course_key: courseKey({ doc: 'The key of the course run.' }),
    role: string({ doc: 'The name of the role, e.g. `staff` or `instructor`.' }),
  },
  { doc: 'A role of a user in a course run.' },
);
export type CourseAccessRoleData = OutputOf<typeof CourseAccessRoleData>;
