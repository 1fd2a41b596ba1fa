import { boolean, type OutputOf, record, withDefault } from '@openedx-ts/events-core';
import { libraryCollectionLocator } from '../keys.js';

/** Which collection of a content library it is. */
export const LibraryCollectionData = record(
  'LibraryCollectionData',
  {
    collection_key: libraryCollectionLocator({ doc: 'The key of the collection.' }),
    background: withDefault(boolean(), false, {
      doc: 'Deprecated: told receivers that they may do their work later.',
    }),
  },
  { doc: 'Which collection of a content library it is.' },
);
export type LibraryCollectionData = OutputOf<typeof LibraryCollectionData>;
