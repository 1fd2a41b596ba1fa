import { boolean, list, type OutputOf, record, string, withDefault } from '@openedx-ts/events-core';
import { courseKey } from '../keys.js';
import { CertificateSignatoryData } from './certificate-signatory-data.js';

/** The certificate set-up of a course. */
export const CertificateConfigData = record(
  'CertificateConfigData',
  {
    certificate_type: string({
      doc: 'The course mode the certificate is for, e.g. `verified`, `professional` or `masters`.',
    }),
    course_key: courseKey({ doc: 'The key of the course run.' }),
    title: string({ doc: 'The title of the certificate.' }),
    signatories: withDefault(list(CertificateSignatoryData), [], { doc: 'Who signs it.' }),
    is_active: withDefault(boolean(), false, { doc: 'Whether the set-up is in use.' }),
  },
  { doc: 'The certificate set-up of a course.' },
);
export type CertificateConfigData = OutputOf<typeof CertificateConfigData>;
