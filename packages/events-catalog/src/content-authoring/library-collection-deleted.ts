import { defineSignal } from '@openedx-ts/events-core';
import { LibraryCollectionData } from './library-collection-data.js';

/** A collection of a content library was deleted. */
export const LIBRARY_COLLECTION_DELETED = defineSignal({
  eventType: 'org.openedx.content_authoring.content_library.collection.deleted.v1',
  data: { library_collection: LibraryCollectionData },
  doc: 'A collection of a content library was deleted.',
  eventKeyField: 'library_collection.collection_key',
  producedBy: ['openedx/openedx-platform'],
  since: '9.14.0',
});
