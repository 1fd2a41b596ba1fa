import { defineSignal } from '@openedx-ts/events-core';
import { DiscussionThreadData } from './discussion-thread-data.js';

/** Somebody commented on a response in a course forum. */
export const FORUM_RESPONSE_COMMENT_CREATED = defineSignal({
  eventType: 'org.openedx.learning.forum.thread.response.comment.created.v1',
  data: { thread: DiscussionThreadData },
  doc: 'Somebody commented on a response in a course forum.',
  eventKeyField: 'thread.course_id',
  producedBy: ['openedx/openedx-platform'],
  since: '8.9.0',
});
