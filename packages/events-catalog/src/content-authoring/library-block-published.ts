import { defineSignal } from '@openedx-ts/events-core';
import { LibraryBlockData } from './library-block-data.js';

/** A library block was published, or its deletion was. */
export const LIBRARY_BLOCK_PUBLISHED = defineSignal({
  eventType: 'org.openedx.content_authoring.library_block.published.v1',
  data: { library_block: LibraryBlockData },
  doc: 'A library block was published, or its deletion was.',
  eventKeyField: 'library_block.usage_key',
  producedBy: ['openedx/openedx-platform'],
  since: '10.2.0',
});
