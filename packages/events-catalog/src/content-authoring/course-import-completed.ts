import { defineSignal } from '@openedx-ts/events-core';
import { CourseData } from './course-data.js';

/** The import of a course archive is done. */
export const COURSE_IMPORT_COMPLETED = defineSignal({
  eventType: 'org.openedx.content_authoring.course.import.completed.v1',
  data: { course: CourseData },
  doc: 'The import of a course archive is done.',
  eventKeyField: 'course.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '9.18.0',
});
