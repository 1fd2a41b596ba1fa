import { defineSignal } from '@openedx-ts/events-core';
import { CourseData } from './course-data.js';

/** The copy of a course into a new run is done. */
export const COURSE_RERUN_COMPLETED = defineSignal({
  eventType: 'org.openedx.content_authoring.course.rerun.completed.v1',
  data: { course: CourseData },
  doc: 'The copy of a course into a new run is done.',
  eventKeyField: 'course.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '10.5.0',
});
