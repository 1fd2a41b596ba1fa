import { defineSignal } from '@openedx-ts/events-core';
import { LibraryContainerData } from './library-container-data.js';

/** A container of a content library was edited. */
export const LIBRARY_CONTAINER_UPDATED = defineSignal({
  eventType: 'org.openedx.content_authoring.content_library.container.updated.v1',
  data: { library_container: LibraryContainerData },
  doc: 'A container of a content library was edited.',
  eventKeyField: 'library_container.container_key',
  producedBy: ['openedx/openedx-platform'],
  since: '9.20.0',
});
