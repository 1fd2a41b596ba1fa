import { long, type OutputOf, optional, record, string, withDefault } from '@openedx-ts/events-core';
import { ccxLocator, courseKey } from '../keys.js';

/** A CCX: a run of a course that a coach gives. */
export const CcxCourseData = record(
  'CcxCourseData',
  {
    ccx_course_key: ccxLocator({ doc: 'The key of the CCX.' }),
    master_course_key: courseKey({ doc: 'The key of the course run it derives from.' }),
    display_name: withDefault(string(), '', { doc: 'The title that learners see.' }),
    coach_email: withDefault(string(), '', { doc: 'The e-mail address of the coach.', pii: 'email_address' }),
    start: optional(string(), { doc: 'When the CCX starts, as text; the reference has no date-time here.' }),
    end: optional(string(), { doc: 'When the CCX ends, as text; the reference has no date-time here.' }),
    max_students_allowed: optional(long(), { doc: 'How many learners may enroll; null for any number.' }),
  },
  { doc: 'A CCX: a run of a course that a coach gives.' },
);
export type CcxCourseData = OutputOf<typeof CcxCourseData>;
