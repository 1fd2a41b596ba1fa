import { type OutputOf, record } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { UserNonPersonalData } from './user-non-personal-data.js';
import { UserPersonalData } from './user-personal-data.js';

/** A user; the personal part is under `pii`. */
export const UserData = record(
  'UserData',
  {
    ...UserNonPersonalData.fields,
    pii: described(UserPersonalData, 'The personal part of the user.'),
  },
  { doc: 'A user; the personal part is under `pii`.' },
);
export type UserData = OutputOf<typeof UserData>;
