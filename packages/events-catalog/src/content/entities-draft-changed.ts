import { defineSignal } from '@openedx-ts/events-core';
import { notCarriedByPython } from '../not-carried-by-python.js';
import { DraftChangeLogEventData } from './draft-change-log-event-data.js';
import { LearningPackageEventData } from './learning-package-event-data.js';
import { UserAttributionEventData } from './user-attribution-event-data.js';

/** Drafts of entities in a learning package were created, changed, reverted or deleted. */
export const ENTITIES_DRAFT_CHANGED = defineSignal({
  eventType: 'org.openedx.content.publishing.entities_draft_changed.v1',
  data: {
    learning_package: LearningPackageEventData,
    changed_by: UserAttributionEventData,
    change_log: DraftChangeLogEventData,
  },
  doc: 'Drafts of entities in a learning package were created, changed, reverted or deleted.',
  eventKeyField: 'learning_package.id',
  producedBy: ['openedx/openedx-core'],
  since: '0.46.0',
  localOnly: notCarriedByPython,
});
