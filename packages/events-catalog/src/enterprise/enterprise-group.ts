import { type OutputOf, record, uuid } from '@openedx-ts/events-core';

/** Which group of enterprise learners it is. */
export const EnterpriseGroup = record(
  'EnterpriseGroup',
  {
    uuid: uuid({ doc: 'The id of the group.' }),
  },
  { doc: 'Which group of enterprise learners it is.' },
);
export type EnterpriseGroup = OutputOf<typeof EnterpriseGroup>;
