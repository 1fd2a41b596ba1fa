import { defineSignal, type EventType } from '@openedx-ts/events-core';
import { ExamAttemptData } from './exam-attempt-data.js';

/** An attempt at a special exam was accepted in review. */
export const EXAM_ATTEMPT_VERIFIED = defineSignal({
  // The compiler alone takes the v of `verified` for the version; the check at run time does not.
  eventType: 'org.openedx.learning.exam.attempt.verified.v1' as EventType,
  data: { exam_attempt: ExamAttemptData },
  doc: 'An attempt at a special exam was accepted in review.',
  eventKeyField: 'exam_attempt.course_key',
  producedBy: ['edx/edx-exams'],
  since: '8.7.0',
});
