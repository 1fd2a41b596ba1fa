import { boolean, datetime, long, type OutputOf, optional, record, string } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { courseKey } from '../keys.js';
import { EnterpriseCustomerUser } from './enterprise-customer-user.js';

/** The enrollment of a user of an enterprise customer in a course run. */
export const EnterpriseCourseEnrollment = record(
  'EnterpriseCourseEnrollment',
  {
    id: long({ doc: 'The database id of the record.' }),
    created: datetime({ doc: 'When the record was made.' }),
    modified: datetime({ doc: 'When the record last changed.' }),
    enterprise_customer_user: described(EnterpriseCustomerUser, 'Who is enrolled, and for which customer.'),
    course_id: courseKey({ doc: 'The key of the course run.' }),
    saved_for_later: boolean({ doc: 'Whether the learner put the course aside in the learner portal.' }),
    source_slug: optional(string(), { doc: 'Where the enrollment came from.' }),
    unenrolled: optional(boolean(), { doc: 'Whether the enrollment in the LMS was ended.' }),
    unenrolled_at: optional(datetime(), { doc: 'When the enrollment in the LMS was ended.' }),
  },
  { doc: 'The enrollment of a user of an enterprise customer in a course run.' },
);
export type EnterpriseCourseEnrollment = OutputOf<typeof EnterpriseCourseEnrollment>;
