import { bytes, type OutputOf, record, string } from '@openedx-ts/events-core';

/** A person who signs the certificates of a course. */
export const CertificateSignatoryData = record(
  'CertificateSignatoryData',
  {
    image: bytes({ doc: 'The image of the signature; it may be large.', pii: 'image' }),
    name: string({ doc: 'The name of the person.', pii: 'name' }),
    organization: string({ doc: 'The organization the person signs for.' }),
    title: string({ doc: 'The job title of the person.' }),
  },
  { doc: 'A person who signs the certificates of a course.' },
);
export type CertificateSignatoryData = OutputOf<typeof CertificateSignatoryData>;
