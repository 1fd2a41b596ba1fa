import { type OutputOf, record, string } from '@openedx-ts/events-core';

/** Anything that can be tagged. */
export const ContentObjectData = record(
  'ContentObjectData',
  {
    object_id: string({ doc: 'The key of the object as text: of a course, a block, a library and so on.' }),
  },
  { doc: 'Anything that can be tagged.' },
);
export type ContentObjectData = OutputOf<typeof ContentObjectData>;
