import { datetime, double, long, type OutputOf, record, string } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { CourseData } from './course-data.js';

/** The stored grade of a learner in a course run. */
export const PersistentCourseGradeData = record(
  'PersistentCourseGradeData',
  {
    user_id: long({ doc: 'The LMS user id of the learner.', pii: 'id' }),
    course: described(CourseData, 'The course run.'),
    course_edited_timestamp: datetime({ doc: 'When the graded version of the course was edited last.' }),
    course_version: string({ doc: 'The version of the course that was graded.' }),
    grading_policy_hash: string({ doc: 'The hash of the grading policy that was applied.' }),
    percent_grade: double({ doc: 'The grade as a fraction, from 0 to 1.' }),
    letter_grade: string({ doc: 'The letter grade; empty when none was reached.' }),
    passed_timestamp: datetime({
      doc: 'When the learner passed. The wire format demands a value, also of learners who did not.',
    }),
  },
  { doc: 'The stored grade of a learner in a course run.' },
);
export type PersistentCourseGradeData = OutputOf<typeof PersistentCourseGradeData>;
