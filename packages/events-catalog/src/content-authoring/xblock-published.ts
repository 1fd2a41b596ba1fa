import { defineSignal } from '@openedx-ts/events-core';
import { XBlockData } from './xblock-data.js';

/** A block of a course was published. One event for a parent covers the children published with it. */
export const XBLOCK_PUBLISHED = defineSignal({
  eventType: 'org.openedx.content_authoring.xblock.published.v1',
  data: { xblock_info: XBlockData },
  doc: 'A block of a course was published. One event for a parent covers the children published with it.',
  eventKeyField: 'xblock_info.usage_key',
  producedBy: ['openedx/openedx-platform'],
  since: '4.1.0',
});
