import { boolean, list, long, type OutputOf, record, string, withDefault } from '@openedx-ts/events-core';

/** What changed of a collection. */
export const CollectionChangeData = record(
  'CollectionChangeData',
  {
    collection_id: long({ doc: 'The database id of the collection.' }),
    collection_code: string({ doc: 'Its code, unique in the learning package.' }),
    created: withDefault(boolean(), false, {
      doc: 'Whether the collection is new, or was restored; entities may have been added to it at once.',
    }),
    metadata_modified: withDefault(boolean(), false, {
      doc: 'Whether its title or description changed.',
    }),
    deleted: withDefault(boolean(), false, {
      doc: 'Whether it was deleted, for good or not; all its entities are then in `entities_removed`.',
    }),
    entities_added: withDefault(list(long()), [], {
      doc: 'The database ids of the entities that were added.',
    }),
    entities_removed: withDefault(list(long()), [], {
      doc: 'The database ids of the entities that were removed.',
    }),
  },
  { doc: 'What changed of a collection.' },
);
export type CollectionChangeData = OutputOf<typeof CollectionChangeData>;
