import { list, type OutputOf, record, string, withDefault } from '@openedx-ts/events-core';
import { ContentObjectData } from './content-object-data.js';

/** Anything that can be tagged, and what of it changed. */
export const ContentObjectChangedData = record(
  'ContentObjectChangedData',
  {
    ...ContentObjectData.fields,
    changes: withDefault(list(string()), [], {
      doc: 'What changed: `tags`, `collections` and so on. An empty list means that anything may have.',
    }),
  },
  { doc: 'Anything that can be tagged, and what of it changed.' },
);
export type ContentObjectChangedData = OutputOf<typeof ContentObjectChangedData>;
