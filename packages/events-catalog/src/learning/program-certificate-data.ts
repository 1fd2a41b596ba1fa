import { datetime, type OutputOf, optional, record, string } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { ProgramData } from './program-data.js';
import { UserData } from './user-data.js';

/** A learner's certificate of a program. */
export const ProgramCertificateData = record(
  'ProgramCertificateData',
  {
    user: described(UserData, 'Whose certificate it is.'),
    program: described(ProgramData, 'The program it is for.'),
    uuid: string({ doc: 'The id of the credential, as text.' }),
    status: string({ doc: 'What it is: `awarded` or `revoked`.' }),
    url: string({ doc: 'Where the credential is shown, with the name of the learner.', pii: 'other' }),
    certificate_available_date: optional(datetime(), {
      doc: 'The date from which the learner may see it; null for at once.',
    }),
  },
  { doc: "A learner's certificate of a program." },
);
export type ProgramCertificateData = OutputOf<typeof ProgramCertificateData>;
