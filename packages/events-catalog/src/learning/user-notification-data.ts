import { list, long, map, type OutputOf, record, string, withDefault } from '@openedx-ts/events-core';
import { courseKey } from '../keys.js';

/** A request to notify users that are listed one by one. */
export const UserNotificationData = record(
  'UserNotificationData',
  {
    user_ids: list(long(), { doc: 'The LMS user ids of the recipients.', pii: 'id' }),
    notification_type: string({ doc: 'The kind of notification.' }),
    content_url: string({ doc: 'Where the notification leads.' }),
    app_name: string({ doc: 'The app that asks for it.' }),
    course_key: courseKey({ doc: 'The key of the course run it is about.' }),
    context: withDefault(
      map(string()),
      {},
      { doc: 'Values for the text of the notification; they may name people.', pii: 'other' },
    ),
  },
  { doc: 'A request to notify users that are listed one by one.' },
);
export type UserNotificationData = OutputOf<typeof UserNotificationData>;
