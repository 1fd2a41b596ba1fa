import { type OutputOf, optional, record, string } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { courseKey, usageKey } from '../keys.js';
import { UserData } from './user-data.js';

/** An attempt at a special exam: a timed or proctored one. */
export const ExamAttemptData = record(
  'ExamAttemptData',
  {
    student_user: described(UserData, 'The learner who makes the attempt.'),
    course_key: courseKey({ doc: 'The key of the course run.' }),
    usage_key: usageKey({ doc: 'The key of the subsection that is the exam.' }),
    exam_type: string({ doc: 'The kind of exam, e.g. `timed` or `proctored`.' }),
    requesting_user: optional(UserData, {
      doc: 'Who caused the change, when it was somebody else: an instructor, say.',
    }),
  },
  { doc: 'An attempt at a special exam: a timed or proctored one.' },
);
export type ExamAttemptData = OutputOf<typeof ExamAttemptData>;
