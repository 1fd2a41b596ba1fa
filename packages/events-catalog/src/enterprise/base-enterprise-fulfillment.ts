import { boolean, datetime, type OutputOf, optional, record, string, uuid } from '@openedx-ts/events-core';
import { EnterpriseCourseEnrollment } from './enterprise-course-enrollment.js';

/** What every enterprise fulfillment has. No event carries it as such. */
export const BaseEnterpriseFulfillment = record(
  'BaseEnterpriseFulfillment',
  {
    uuid: uuid({ doc: 'The id of the record.' }),
    created: datetime({ doc: 'When the record was made.' }),
    modified: datetime({ doc: 'When the record last changed.' }),
    fulfillment_type: string({ doc: 'What paid for it: `license`, `learner_credit` or `coupon_code`.' }),
    is_revoked: boolean({ doc: 'Whether it was revoked.' }),
    enterprise_course_entitlement_uuid: optional(uuid(), { doc: 'The id of the entitlement it fulfils.' }),
    enterprise_course_enrollment: optional(EnterpriseCourseEnrollment, { doc: 'The enrollment it fulfils.' }),
  },
  { doc: 'What every enterprise fulfillment has. No event carries it as such.' },
);
export type BaseEnterpriseFulfillment = OutputOf<typeof BaseEnterpriseFulfillment>;
