import { defineSignal } from '@openedx-ts/events-core';
import { DuplicatedXBlockData } from './duplicated-xblock-data.js';

/** A block of a course was copied in Studio. */
export const XBLOCK_DUPLICATED = defineSignal({
  eventType: 'org.openedx.content_authoring.xblock.duplicated.v1',
  data: { xblock_info: DuplicatedXBlockData },
  doc: 'A block of a course was copied in Studio.',
  eventKeyField: 'xblock_info.usage_key',
  producedBy: ['openedx/openedx-platform'],
  since: '4.1.0',
});
