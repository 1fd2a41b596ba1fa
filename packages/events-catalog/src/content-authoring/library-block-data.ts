import { type OutputOf, record } from '@openedx-ts/events-core';
import { libraryLocatorV2, libraryUsageLocatorV2 } from '../keys.js';

/** Which block of a content library it is. */
export const LibraryBlockData = record(
  'LibraryBlockData',
  {
    library_key: libraryLocatorV2({ doc: 'The key of the library.' }),
    usage_key: libraryUsageLocatorV2({ doc: 'The key of the block in the library.' }),
  },
  { doc: 'Which block of a content library it is.' },
);
export type LibraryBlockData = OutputOf<typeof LibraryBlockData>;
