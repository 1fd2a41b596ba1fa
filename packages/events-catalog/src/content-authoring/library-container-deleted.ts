import { defineSignal } from '@openedx-ts/events-core';
import { LibraryContainerData } from './library-container-data.js';

/** A container of a content library was deleted. */
export const LIBRARY_CONTAINER_DELETED = defineSignal({
  eventType: 'org.openedx.content_authoring.content_library.container.deleted.v1',
  data: { library_container: LibraryContainerData },
  doc: 'A container of a content library was deleted.',
  eventKeyField: 'library_container.container_key',
  producedBy: ['openedx/openedx-platform'],
  since: '9.20.0',
});
