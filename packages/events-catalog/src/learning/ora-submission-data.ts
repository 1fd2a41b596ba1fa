import { datetime, long, type OutputOf, record, string } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { ORASubmissionAnswer } from './ora-submission-answer.js';

/** A submission to an open response assessment. */
export const ORASubmissionData = record(
  'ORASubmissionData',
  {
    uuid: string({ doc: 'The id of the submission, as text.' }),
    anonymous_user_id: string({ doc: 'The anonymous id of the learner in the course.', pii: 'id' }),
    location: string({ doc: 'The key of the block, as text.' }),
    attempt_number: long({ doc: 'Which attempt of the learner it is, counted from 1.' }),
    created_at: datetime({ doc: 'When the record was made.' }),
    submitted_at: datetime({ doc: 'When the learner submitted it.' }),
    answer: described(ORASubmissionAnswer, 'The answer.'),
  },
  { doc: 'A submission to an open response assessment.' },
);
export type ORASubmissionData = OutputOf<typeof ORASubmissionData>;
