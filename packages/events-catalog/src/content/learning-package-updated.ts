import { defineSignal } from '@openedx-ts/events-core';
import { notCarriedByPython } from '../not-carried-by-python.js';
import { LearningPackageEventData } from './learning-package-event-data.js';

/** The key, title or description of a learning package changed. */
export const LEARNING_PACKAGE_UPDATED = defineSignal({
  eventType: 'org.openedx.content.publishing.lp_updated.v1',
  data: { learning_package: LearningPackageEventData },
  doc: 'The key, title or description of a learning package changed.',
  eventKeyField: 'learning_package.id',
  producedBy: ['openedx/openedx-core'],
  since: '0.46.0',
  localOnly: notCarriedByPython,
});
