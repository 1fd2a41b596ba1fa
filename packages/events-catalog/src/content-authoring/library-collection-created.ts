import { defineSignal } from '@openedx-ts/events-core';
import { LibraryCollectionData } from './library-collection-data.js';

/** A collection was added to a content library. */
export const LIBRARY_COLLECTION_CREATED = defineSignal({
  eventType: 'org.openedx.content_authoring.content_library.collection.created.v1',
  data: { library_collection: LibraryCollectionData },
  doc: 'A collection was added to a content library.',
  eventKeyField: 'library_collection.collection_key',
  producedBy: ['openedx/openedx-platform'],
  since: '9.14.0',
});
