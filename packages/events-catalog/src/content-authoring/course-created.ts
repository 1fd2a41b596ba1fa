import { defineSignal } from '@openedx-ts/events-core';
import { CourseData } from './course-data.js';

/** A course run was created. */
export const COURSE_CREATED = defineSignal({
  eventType: 'org.openedx.content_authoring.course.created.v1',
  data: { course: CourseData },
  doc: 'A course run was created.',
  eventKeyField: 'course.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '8.3.0',
});
