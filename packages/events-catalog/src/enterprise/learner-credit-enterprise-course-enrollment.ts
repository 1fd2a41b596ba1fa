import { type OutputOf, optional, record, uuid } from '@openedx-ts/events-core';
import { BaseEnterpriseFulfillment } from './base-enterprise-fulfillment.js';

/** An enterprise enrollment that learner credit paid for. */
export const LearnerCreditEnterpriseCourseEnrollment = record(
  'LearnerCreditEnterpriseCourseEnrollment',
  {
    ...BaseEnterpriseFulfillment.fields,
    transaction_id: optional(uuid(), { doc: 'The id of the ledger transaction that paid for it.' }),
  },
  { doc: 'An enterprise enrollment that learner credit paid for.' },
);
export type LearnerCreditEnterpriseCourseEnrollment = OutputOf<
  typeof LearnerCreditEnterpriseCourseEnrollment
>;
