import { defineSignal } from '@openedx-ts/events-core';
import { CertificateData } from './certificate-data.js';

/** A learner's certificate of a course run was revoked. */
export const CERTIFICATE_REVOKED = defineSignal({
  eventType: 'org.openedx.learning.certificate.revoked.v1',
  data: { certificate: CertificateData },
  doc: "A learner's certificate of a course run was revoked.",
  eventKeyField: 'certificate.course.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '0.4.0',
});
