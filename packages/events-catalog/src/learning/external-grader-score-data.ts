import { long, type OutputOf, record, string } from '@openedx-ts/events-core';

/** A score that an external grader gave a submission. */
export const ExternalGraderScoreData = record(
  'ExternalGraderScoreData',
  {
    points_possible: long({ doc: 'The highest score possible.' }),
    points_earned: long({ doc: 'The score given.' }),
    course_id: string({ doc: 'The key of the course run, as text.' }),
    score_msg: string({ doc: 'What the grader says of the submission.', pii: 'other' }),
    submission_id: long({ doc: 'The id of the submission.' }),
    user_id: string({ doc: 'The id, as text, of the learner who submitted it.', pii: 'id' }),
    module_id: string({ doc: 'The key of the problem, as text.' }),
    queue_key: string({ doc: 'The key of the entry in the queue of the grader.' }),
    queue_name: string({ doc: 'The name of the queue.' }),
  },
  { doc: 'A score that an external grader gave a submission.' },
);
export type ExternalGraderScoreData = OutputOf<typeof ExternalGraderScoreData>;
