import { defineSignal } from '@openedx-ts/events-core';
import { LibraryCollectionData } from './library-collection-data.js';

/** A collection of a content library was edited. */
export const LIBRARY_COLLECTION_UPDATED = defineSignal({
  eventType: 'org.openedx.content_authoring.content_library.collection.updated.v1',
  data: { library_collection: LibraryCollectionData },
  doc: 'A collection of a content library was edited.',
  eventKeyField: 'library_collection.collection_key',
  producedBy: ['openedx/openedx-platform'],
  since: '9.14.0',
});
