import { defineSignal } from '@openedx-ts/events-core';
import { ProgramCertificateData } from './program-certificate-data.js';

/** A learner's certificate of a program was revoked. */
export const PROGRAM_CERTIFICATE_REVOKED = defineSignal({
  eventType: 'org.openedx.learning.program.certificate.revoked.v1',
  data: { program_certificate: ProgramCertificateData },
  doc: "A learner's certificate of a program was revoked.",
  eventKeyField: 'program_certificate.program.uuid',
  producedBy: ['openedx/credentials'],
  since: '8.4.0',
});
