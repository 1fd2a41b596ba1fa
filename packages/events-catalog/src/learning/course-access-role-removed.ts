import { defineSignal } from '@openedx-ts/events-core';
import { CourseAccessRoleData } from './course-access-role-data.js';

/** A role in a course run was taken from a user. */
export const COURSE_ACCESS_ROLE_REMOVED = defineSignal({
  eventType: 'org.openedx.learning.user.course_access_role.removed.v1',
  data: { course_access_role_data: CourseAccessRoleData },
  doc: 'A role in a course run was taken from a user.',
  eventKeyField: 'course_access_role_data.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '9.4.0',
});
