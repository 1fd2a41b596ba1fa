import { boolean, type OutputOf, record, withDefault } from '@openedx-ts/events-core';
import { libraryLocatorV2 } from '../keys.js';

/** Which content library (v2) it is. */
export const ContentLibraryData = record(
  'ContentLibraryData',
  {
    library_key: libraryLocatorV2({ doc: 'The key of the library.' }),
    update_blocks: withDefault(boolean(), false, {
      doc: 'Deprecated: asked receivers to index every block of the library again.',
    }),
  },
  { doc: 'Which content library (v2) it is.' },
);
export type ContentLibraryData = OutputOf<typeof ContentLibraryData>;
