import { defineSignal } from '@openedx-ts/events-core';
import { LibraryContainerData } from './library-container-data.js';

/** A container of a content library was published, or its deletion was. */
export const LIBRARY_CONTAINER_PUBLISHED = defineSignal({
  eventType: 'org.openedx.content_authoring.content_library.container.published.v1',
  data: { library_container: LibraryContainerData },
  doc: 'A container of a content library was published, or its deletion was.',
  eventKeyField: 'library_container.container_key',
  producedBy: ['openedx/openedx-platform'],
  since: '10.2.0',
});
