import { defineSignal } from '@openedx-ts/events-core';
import { ProgramCertificateData } from './program-certificate-data.js';

/** A learner got a certificate of a program. */
export const PROGRAM_CERTIFICATE_AWARDED = defineSignal({
  eventType: 'org.openedx.learning.program.certificate.awarded.v1',
  data: { program_certificate: ProgramCertificateData },
  doc: 'A learner got a certificate of a program.',
  eventKeyField: 'program_certificate.program.uuid',
  producedBy: ['openedx/credentials'],
  since: '8.4.0',
});
