import { defineSignal } from '@openedx-ts/events-core';
import { LibraryBlockData } from './library-block-data.js';

/** A block was added to a content library. */
export const LIBRARY_BLOCK_CREATED = defineSignal({
  eventType: 'org.openedx.content_authoring.library_block.created.v1',
  data: { library_block: LibraryBlockData },
  doc: 'A block was added to a content library.',
  eventKeyField: 'library_block.usage_key',
  producedBy: ['openedx/openedx-platform'],
  since: '8.3.0',
});
