import { defineSignal } from '@openedx-ts/events-core';
import { CohortData } from './cohort-data.js';

/** A user came into a cohort of a course run, or moved to another one. */
export const COHORT_MEMBERSHIP_CHANGED = defineSignal({
  eventType: 'org.openedx.learning.cohort_membership.changed.v1',
  data: { cohort: CohortData },
  doc: 'A user came into a cohort of a course run, or moved to another one.',
  eventKeyField: 'cohort.course.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '0.4.0',
});
