import { defineSignal } from '@openedx-ts/events-core';
import { notCarriedByPython } from '../not-carried-by-python.js';
import { CollectionChangeData } from './collection-change-data.js';
import { LearningPackageEventData } from './learning-package-event-data.js';
import { UserAttributionEventData } from './user-attribution-event-data.js';

/** A collection was created, changed or deleted, or its entities changed. */
export const COLLECTION_CHANGED = defineSignal({
  eventType: 'org.openedx.content.collections.collection_changed.v1',
  data: {
    learning_package: LearningPackageEventData,
    changed_by: UserAttributionEventData,
    change: CollectionChangeData,
  },
  doc: 'A collection was created, changed or deleted, or its entities changed.',
  eventKeyField: 'change.collection_id',
  producedBy: ['openedx/openedx-core'],
  since: '0.46.0',
  localOnly: notCarriedByPython,
});
