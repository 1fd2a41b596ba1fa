import { defineSignal } from '@openedx-ts/events-core';
import { XBlockData } from './xblock-data.js';

/** A block was removed from a course. */
export const XBLOCK_DELETED = defineSignal({
  eventType: 'org.openedx.content_authoring.xblock.deleted.v1',
  data: { xblock_info: XBlockData },
  doc: 'A block was removed from a course.',
  eventKeyField: 'xblock_info.usage_key',
  producedBy: ['openedx/openedx-platform'],
  since: '4.1.0',
});
