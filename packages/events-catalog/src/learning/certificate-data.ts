import { type OutputOf, record, string, withDefault } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { CourseData } from './course-data.js';
import { UserData } from './user-data.js';

/** A learner's certificate of a course run. */
export const CertificateData = record(
  'CertificateData',
  {
    user: described(UserData, 'Whose certificate it is.'),
    course: described(CourseData, 'The course run it is for.'),
    mode: string({ doc: 'The enrollment mode it was earned in.' }),
    grade: string({ doc: 'The grade, as text.' }),
    download_url: string({ doc: 'Where the PDF is, which shows the name of the learner.', pii: 'other' }),
    name: string({ doc: 'The name that is printed on it.', pii: 'name' }),
    current_status: string({ doc: 'The status after the event, e.g. `downloadable`.' }),
    previous_status: withDefault(string(), '', {
      doc: 'The status before the event; empty when it is not known.',
    }),
  },
  { doc: "A learner's certificate of a course run." },
);
export type CertificateData = OutputOf<typeof CertificateData>;
