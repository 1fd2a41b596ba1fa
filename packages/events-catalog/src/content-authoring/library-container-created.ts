import { defineSignal } from '@openedx-ts/events-core';
import { LibraryContainerData } from './library-container-data.js';

/** A container (unit, section and so on) was added to a content library. */
export const LIBRARY_CONTAINER_CREATED = defineSignal({
  eventType: 'org.openedx.content_authoring.content_library.container.created.v1',
  data: { library_container: LibraryContainerData },
  doc: 'A container (unit, section and so on) was added to a content library.',
  eventKeyField: 'library_container.container_key',
  producedBy: ['openedx/openedx-platform'],
  since: '9.20.0',
});
