import { defineSignal } from '@openedx-ts/events-core';
import { CertificateConfigData } from './certificate-config-data.js';

/** The certificate set-up of a course was removed in Studio. No known service sends it. */
export const COURSE_CERTIFICATE_CONFIG_DELETED = defineSignal({
  eventType: 'org.openedx.content_authoring.course.certificate_config.deleted.v1',
  data: { certificate_config: CertificateConfigData },
  doc: 'The certificate set-up of a course was removed in Studio. No known service sends it.',
  eventKeyField: 'certificate_config.course_key',
  since: '5.0.0',
  localOnly: 'The reference passes signature images as open files, for which there is no wire format.',
});
