import { defineSignal } from '@openedx-ts/events-core';
import { ContentLibraryData } from './content-library-data.js';

/** A content library was created. */
export const CONTENT_LIBRARY_CREATED = defineSignal({
  eventType: 'org.openedx.content_authoring.content_library.created.v1',
  data: { content_library: ContentLibraryData },
  doc: 'A content library was created.',
  eventKeyField: 'content_library.library_key',
  producedBy: ['openedx/openedx-platform'],
  since: '8.3.0',
});
