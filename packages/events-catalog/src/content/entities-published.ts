import { defineSignal } from '@openedx-ts/events-core';
import { notCarriedByPython } from '../not-carried-by-python.js';
import { LearningPackageEventData } from './learning-package-event-data.js';
import { PublishLogEventData } from './publish-log-event-data.js';
import { UserAttributionEventData } from './user-attribution-event-data.js';

/** Changes of entities in a learning package were published. */
export const ENTITIES_PUBLISHED = defineSignal({
  eventType: 'org.openedx.content.publishing.entities_published.v1',
  data: {
    learning_package: LearningPackageEventData,
    changed_by: UserAttributionEventData,
    change_log: PublishLogEventData,
  },
  doc: 'Changes of entities in a learning package were published.',
  eventKeyField: 'learning_package.id',
  producedBy: ['openedx/openedx-core'],
  since: '0.46.0',
  localOnly: notCarriedByPython,
});
