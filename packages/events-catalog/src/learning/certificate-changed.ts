import { defineSignal } from '@openedx-ts/events-core';
import { CertificateData } from './certificate-data.js';

/** A learner's certificate of a course run changed. */
export const CERTIFICATE_CHANGED = defineSignal({
  eventType: 'org.openedx.learning.certificate.changed.v1',
  data: { certificate: CertificateData },
  doc: "A learner's certificate of a course run changed.",
  eventKeyField: 'certificate.course.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '0.4.0',
});
