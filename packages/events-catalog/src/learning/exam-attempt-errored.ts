import { defineSignal } from '@openedx-ts/events-core';
import { ExamAttemptData } from './exam-attempt-data.js';

/** An attempt at a special exam ended with an error. */
export const EXAM_ATTEMPT_ERRORED = defineSignal({
  eventType: 'org.openedx.learning.exam.attempt.errored.v1',
  data: { exam_attempt: ExamAttemptData },
  doc: 'An attempt at a special exam ended with an error.',
  eventKeyField: 'exam_attempt.course_key',
  producedBy: ['edx/edx-exams'],
  since: '8.7.0',
});
