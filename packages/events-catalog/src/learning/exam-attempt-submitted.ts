import { defineSignal } from '@openedx-ts/events-core';
import { ExamAttemptData } from './exam-attempt-data.js';

/** A learner handed in an attempt at a special exam. */
export const EXAM_ATTEMPT_SUBMITTED = defineSignal({
  eventType: 'org.openedx.learning.exam.attempt.submitted.v1',
  data: { exam_attempt: ExamAttemptData },
  doc: 'A learner handed in an attempt at a special exam.',
  eventKeyField: 'exam_attempt.course_key',
  producedBy: ['edx/edx-exams'],
  since: '8.7.0',
});
