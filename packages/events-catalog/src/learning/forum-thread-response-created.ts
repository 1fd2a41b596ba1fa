import { defineSignal } from '@openedx-ts/events-core';
import { DiscussionThreadData } from './discussion-thread-data.js';

/** Somebody responded to a thread in a course forum. */
export const FORUM_THREAD_RESPONSE_CREATED = defineSignal({
  eventType: 'org.openedx.learning.forum.thread.response.created.v1',
  data: { thread: DiscussionThreadData },
  doc: 'Somebody responded to a thread in a course forum.',
  eventKeyField: 'thread.course_id',
  producedBy: ['openedx/openedx-platform'],
  since: '8.9.0',
});
