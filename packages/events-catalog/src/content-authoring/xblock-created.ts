import { defineSignal } from '@openedx-ts/events-core';
import { XBlockData } from './xblock-data.js';

/** A block was added to a course. */
export const XBLOCK_CREATED = defineSignal({
  eventType: 'org.openedx.content_authoring.xblock.created.v1',
  data: { xblock_info: XBlockData },
  doc: 'A block was added to a course.',
  eventKeyField: 'xblock_info.usage_key',
  producedBy: ['openedx/openedx-platform'],
  since: '8.3.0',
});
