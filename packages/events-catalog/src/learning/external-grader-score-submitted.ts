import { defineSignal } from '@openedx-ts/events-core';
import { ExternalGraderScoreData } from './external-grader-score-data.js';

/** An external grader scored a submission. */
export const EXTERNAL_GRADER_SCORE_SUBMITTED = defineSignal({
  eventType: 'org.openedx.learning.external_grader.score.submitted.v1',
  data: { score: ExternalGraderScoreData },
  doc: 'An external grader scored a submission.',
  eventKeyField: 'score.submission_id',
  producedBy: ['openedx/edx-submissions'],
  since: '10.1.0',
});
