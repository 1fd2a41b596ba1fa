import { defineSignal } from '@openedx-ts/events-core';
import { PersistentCourseGradeData } from './persistent-course-grade-data.js';

/** The stored grade of a learner in a course run was computed again. */
export const PERSISTENT_GRADE_SUMMARY_CHANGED = defineSignal({
  eventType: 'org.openedx.learning.course.persistent_grade_summary.changed.v1',
  data: { grade: PersistentCourseGradeData },
  doc: 'The stored grade of a learner in a course run was computed again.',
  eventKeyField: 'grade.course.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '0.13.0',
});
