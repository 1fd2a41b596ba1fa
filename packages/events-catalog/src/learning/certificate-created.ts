import { defineSignal } from '@openedx-ts/events-core';
import { CertificateData } from './certificate-data.js';

/** A learner got a certificate of a course run. */
export const CERTIFICATE_CREATED = defineSignal({
  eventType: 'org.openedx.learning.certificate.created.v1',
  data: { certificate: CertificateData },
  doc: 'A learner got a certificate of a course run.',
  eventKeyField: 'certificate.course.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '0.4.0',
});
