import { defineSignal } from '@openedx-ts/events-core';
import { ContentLibraryData } from './content-library-data.js';

/** A content library itself changed, its title say. Changes of what is in it have events of their own. */
export const CONTENT_LIBRARY_UPDATED = defineSignal({
  eventType: 'org.openedx.content_authoring.content_library.updated.v1',
  data: { content_library: ContentLibraryData },
  doc: 'A content library itself changed, its title say. Changes of what is in it have events of their own.',
  eventKeyField: 'content_library.library_key',
  producedBy: ['openedx/openedx-platform'],
  since: '8.3.0',
});
