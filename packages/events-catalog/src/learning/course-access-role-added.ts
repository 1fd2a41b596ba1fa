import { defineSignal } from '@openedx-ts/events-core';
import { CourseAccessRoleData } from './course-access-role-data.js';

/** A user was given a role in a course run. */
export const COURSE_ACCESS_ROLE_ADDED = defineSignal({
  eventType: 'org.openedx.learning.user.course_access_role.added.v1',
  data: { course_access_role_data: CourseAccessRoleData },
  doc: 'A user was given a role in a course run.',
  eventKeyField: 'course_access_role_data.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '9.4.0',
});
