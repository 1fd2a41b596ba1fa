import { long, type OutputOf, record, string } from '@openedx-ts/events-core';

/** The use of a subsidy by a learner. */
export const SubsidyRedemption = record(
  'SubsidyRedemption',
  {
    subsidy_identifier: string({ doc: 'The id of the subsidy.' }),
    content_key: string({ doc: 'The key, as text, of the content it was used for.' }),
    lms_user_id: long({
      doc: 'The LMS user id of the learner; a number, although the reference calls it text.',
      pii: 'id',
    }),
  },
  { doc: 'The use of a subsidy by a learner.' },
);
export type SubsidyRedemption = OutputOf<typeof SubsidyRedemption>;
