import { defineSignal } from '@openedx-ts/events-core';
import { ContentLibraryData } from './content-library-data.js';

/** A content library was deleted. */
export const CONTENT_LIBRARY_DELETED = defineSignal({
  eventType: 'org.openedx.content_authoring.content_library.deleted.v1',
  data: { content_library: ContentLibraryData },
  doc: 'A content library was deleted.',
  eventKeyField: 'content_library.library_key',
  producedBy: ['openedx/openedx-platform'],
  since: '8.3.0',
});
