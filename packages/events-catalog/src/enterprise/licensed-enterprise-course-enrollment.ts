import { type OutputOf, optional, record, uuid } from '@openedx-ts/events-core';
import { BaseEnterpriseFulfillment } from './base-enterprise-fulfillment.js';

/** An enterprise enrollment that a license paid for. No event carries it. */
export const LicensedEnterpriseCourseEnrollment = record(
  'LicensedEnterpriseCourseEnrollment',
  {
    ...BaseEnterpriseFulfillment.fields,
    license_uuid: optional(uuid(), { doc: 'The id of the license.' }),
  },
  { doc: 'An enterprise enrollment that a license paid for. No event carries it.' },
);
export type LicensedEnterpriseCourseEnrollment = OutputOf<typeof LicensedEnterpriseCourseEnrollment>;
