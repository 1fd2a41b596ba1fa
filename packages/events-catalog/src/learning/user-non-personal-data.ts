import { boolean, long, type OutputOf, record } from '@openedx-ts/events-core';

/** The part of a user that says nothing of the person, apart from the id. No event carries it as such. */
export const UserNonPersonalData = record(
  'UserNonPersonalData',
  {
    id: long({ doc: 'The LMS user id.', pii: 'id' }),
    is_active: boolean({ doc: 'Whether the account is active.' }),
  },
  {
    doc: 'The part of a user that says nothing of the person, apart from the id. No event carries it as such.',
  },
);
export type UserNonPersonalData = OutputOf<typeof UserNonPersonalData>;
