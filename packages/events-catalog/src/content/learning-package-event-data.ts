import { long, type OutputOf, record, string } from '@openedx-ts/events-core';

/** Which learning package an event is about: a container of content that is versioned and published together. */
export const LearningPackageEventData = record(
  'LearningPackageEventData',
  {
    id: long({ doc: 'The database id of the learning package.' }),
    title: string({ doc: 'Its title when the event was sent.' }),
  },
  {
    doc: 'Which learning package an event is about: a container of content that is versioned and published together.',
  },
);
export type LearningPackageEventData = OutputOf<typeof LearningPackageEventData>;
