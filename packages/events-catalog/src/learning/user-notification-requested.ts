import { defineSignal } from '@openedx-ts/events-core';
import { UserNotificationData } from './user-notification-data.js';

/** An app asks to notify users that are listed one by one. */
export const USER_NOTIFICATION_REQUESTED = defineSignal({
  eventType: 'org.openedx.learning.user.notification.requested.v1',
  data: { notification_data: UserNotificationData },
  doc: 'An app asks to notify users that are listed one by one.',
  eventKeyField: 'notification_data.course_key',
  producedBy: ['openedx/openedx-platform', 'openedx/edx-ora2'],
  since: '8.2.0',
});
