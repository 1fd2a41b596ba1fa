import { list, map, type OutputOf, record, string, withDefault } from '@openedx-ts/events-core';
import { courseKey } from '../keys.js';

/** A request to notify part of the learners and staff of a course run. */
export const CourseNotificationData = record(
  'CourseNotificationData',
  {
    course_key: courseKey({ doc: 'The key of the course run.' }),
    app_name: string({ doc: 'The app that asks for it.' }),
    notification_type: string({ doc: 'The kind of notification.' }),
    content_url: string({ doc: 'Where the notification leads.' }),
    content_context: withDefault(
      map(string()),
      {},
      { doc: 'Values for the text of the notification; they may name people.', pii: 'other' },
    ),
    audience_filters: withDefault(
      map(list(string())),
      {},
      { doc: 'Who is notified: for each filter (enrollment modes, roles and so on) the values that match.' },
    ),
  },
  { doc: 'A request to notify part of the learners and staff of a course run.' },
);
export type CourseNotificationData = OutputOf<typeof CourseNotificationData>;
