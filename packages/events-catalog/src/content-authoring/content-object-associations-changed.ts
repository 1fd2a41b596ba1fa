import { defineSignal } from '@openedx-ts/events-core';
import { ContentObjectChangedData } from './content-object-changed-data.js';

/** What is linked to a content object (tags, collections and so on) changed. */
export const CONTENT_OBJECT_ASSOCIATIONS_CHANGED = defineSignal({
  eventType: 'org.openedx.content_authoring.content.object.associations.changed.v1',
  data: { content_object: ContentObjectChangedData },
  doc: 'What is linked to a content object (tags, collections and so on) changed.',
  eventKeyField: 'content_object.object_id',
  producedBy: ['openedx/openedx-platform'],
  since: '9.14.0',
});
