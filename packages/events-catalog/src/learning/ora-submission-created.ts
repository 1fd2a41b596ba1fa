import { defineSignal } from '@openedx-ts/events-core';
import { ORASubmissionData } from './ora-submission-data.js';

/** A learner submitted an answer to an open response assessment. */
export const ORA_SUBMISSION_CREATED = defineSignal({
  eventType: 'org.openedx.learning.ora.submission.created.v1',
  data: { submission: ORASubmissionData },
  doc: 'A learner submitted an answer to an open response assessment.',
  eventKeyField: 'submission.location',
  producedBy: ['openedx/edx-ora2'],
  since: '9.9.0',
});
