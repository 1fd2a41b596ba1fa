import { defineSignal } from '@openedx-ts/events-core';
import { ContentObjectData } from './content-object-data.js';

/**
 * The tags of a content object changed.
 *
 * @deprecated Use CONTENT_OBJECT_ASSOCIATIONS_CHANGED, which says with `changes` what changed.
 */
export const CONTENT_OBJECT_TAGS_CHANGED = defineSignal({
  eventType: 'org.openedx.content_authoring.content.object.tags.changed.v1',
  data: { content_object: ContentObjectData },
  doc: 'The tags of a content object changed.',
  eventKeyField: 'content_object.object_id',
  producedBy: ['openedx/openedx-platform'],
  since: '9.6.0',
  deprecated: 'Use CONTENT_OBJECT_ASSOCIATIONS_CHANGED, which says with `changes` what changed.',
});
