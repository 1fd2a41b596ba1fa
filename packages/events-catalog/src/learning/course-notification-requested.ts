import { defineSignal } from '@openedx-ts/events-core';
import { CourseNotificationData } from './course-notification-data.js';

/** An app asks to notify those people of a course run whom filters pick. */
export const COURSE_NOTIFICATION_REQUESTED = defineSignal({
  eventType: 'org.openedx.learning.course.notification.requested.v1',
  data: { course_notification_data: CourseNotificationData },
  doc: 'An app asks to notify those people of a course run whom filters pick.',
  eventKeyField: 'course_notification_data.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '9.2.0',
});
