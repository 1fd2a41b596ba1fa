import { defineSignal } from '@openedx-ts/events-core';
import { notCarriedByPython } from '../not-carried-by-python.js';
import { LearningPackageEventData } from './learning-package-event-data.js';

/** A learning package was deleted for good, with all its content. */
export const LEARNING_PACKAGE_DELETED = defineSignal({
  eventType: 'org.openedx.content.publishing.lp_deleted.v1',
  data: { learning_package: LearningPackageEventData },
  doc: 'A learning package was deleted for good, with all its content.',
  eventKeyField: 'learning_package.id',
  producedBy: ['openedx/openedx-core'],
  since: '0.46.0',
  localOnly: notCarriedByPython,
});
