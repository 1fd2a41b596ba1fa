import { type OutputOf, record, string, withDefault } from '@openedx-ts/events-core';

/** The personal part of a user. */
export const UserPersonalData = record(
  'UserPersonalData',
  {
    username: string({ doc: 'The name the user logs in with.', pii: 'username' }),
    email: string({ doc: 'The e-mail address.', pii: 'email_address' }),
    name: withDefault(string(), '', {
      doc: 'The full name from the profile; empty when it is not known.',
      pii: 'name',
    }),
  },
  { doc: 'The personal part of a user.' },
);
export type UserPersonalData = OutputOf<typeof UserPersonalData>;
