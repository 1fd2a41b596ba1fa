import { defineSignal } from '@openedx-ts/events-core';
import { XBlockData } from './xblock-data.js';

/** A block of a course was edited. */
export const XBLOCK_UPDATED = defineSignal({
  eventType: 'org.openedx.content_authoring.xblock.updated.v1',
  data: { xblock_info: XBlockData },
  doc: 'A block of a course was edited.',
  eventKeyField: 'xblock_info.usage_key',
  producedBy: ['openedx/openedx-platform'],
  since: '8.3.0',
});
