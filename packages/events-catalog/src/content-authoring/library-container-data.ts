import { boolean, type OutputOf, record, withDefault } from '@openedx-ts/events-core';
import { libraryContainerLocator } from '../keys.js';

/** Which container (unit, section and so on) of a content library it is. */
export const LibraryContainerData = record(
  'LibraryContainerData',
  {
    container_key: libraryContainerLocator({ doc: 'The key of the container.' }),
    background: withDefault(boolean(), false, {
      doc: 'Deprecated: told receivers that they may do their work later.',
    }),
  },
  { doc: 'Which container (unit, section and so on) of a content library it is.' },
);
export type LibraryContainerData = OutputOf<typeof LibraryContainerData>;
