import { defineSignal } from '@openedx-ts/events-core';
import { ExamAttemptData } from './exam-attempt-data.js';

/** An attempt at a special exam was accepted in review. */
export const EXAM_ATTEMPT_VERIFIED = defineSignal({
  eventType: 'org.openedx.learning.exam.attempt.verified.v1',
  data: { exam_attempt: ExamAttemptData },
  doc: 'An attempt at a special exam was accepted in review.',
  eventKeyField: 'exam_attempt.course_key',
  producedBy: ['edx/edx-exams'],
  since: '8.7.0',
});
