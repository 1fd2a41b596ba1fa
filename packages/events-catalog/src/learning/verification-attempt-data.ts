import { datetime, long, type OutputOf, optional, record, string } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { UserData } from './user-data.js';

/** An attempt of a user to have their identity verified. */
export const VerificationAttemptData = record(
  'VerificationAttemptData',
  {
    attempt_id: long({ doc: 'The database id of the attempt.' }),
    user: described(UserData, 'Whose identity is verified.'),
    status: string({ doc: 'The status of the attempt, e.g. `approved`.' }),
    name: optional(string(), { doc: 'The name that is verified.', pii: 'name' }),
    expiration_date: optional(datetime(), { doc: 'When the verification expires.' }),
  },
  { doc: 'An attempt of a user to have their identity verified.' },
);
export type VerificationAttemptData = OutputOf<typeof VerificationAttemptData>;
