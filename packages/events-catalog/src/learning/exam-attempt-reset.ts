import { defineSignal } from '@openedx-ts/events-core';
import { ExamAttemptData } from './exam-attempt-data.js';

/** An attempt at a special exam was reset, so that the learner may try again. */
export const EXAM_ATTEMPT_RESET = defineSignal({
  eventType: 'org.openedx.learning.exam.attempt.reset.v1',
  data: { exam_attempt: ExamAttemptData },
  doc: 'An attempt at a special exam was reset, so that the learner may try again.',
  eventKeyField: 'exam_attempt.course_key',
  producedBy: ['edx/edx-exams'],
  since: '8.7.0',
});
