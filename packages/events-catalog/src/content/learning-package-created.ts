import { defineSignal } from '@openedx-ts/events-core';
import { notCarriedByPython } from '../not-carried-by-python.js';
import { LearningPackageEventData } from './learning-package-event-data.js';

/** A learning package was created; it may be empty still. */
export const LEARNING_PACKAGE_CREATED = defineSignal({
  eventType: 'org.openedx.content.publishing.lp_created.v1',
  data: { learning_package: LearningPackageEventData },
  doc: 'A learning package was created; it may be empty still.',
  eventKeyField: 'learning_package.id',
  producedBy: ['openedx/openedx-core'],
  since: '0.46.0',
  localOnly: notCarriedByPython,
});
