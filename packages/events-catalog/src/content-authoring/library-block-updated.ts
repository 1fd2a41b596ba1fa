import { defineSignal } from '@openedx-ts/events-core';
import { LibraryBlockData } from './library-block-data.js';

/** The draft of a library block was edited. */
export const LIBRARY_BLOCK_UPDATED = defineSignal({
  eventType: 'org.openedx.content_authoring.library_block.updated.v1',
  data: { library_block: LibraryBlockData },
  doc: 'The draft of a library block was edited.',
  eventKeyField: 'library_block.usage_key',
  producedBy: ['openedx/openedx-platform'],
  since: '8.3.0',
});
