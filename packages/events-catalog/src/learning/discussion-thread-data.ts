import {
  boolean,
  list,
  long,
  map,
  type OutputOf,
  optional,
  record,
  string,
  withDefault,
} from '@openedx-ts/events-core';
import { described } from '../described.js';
import { courseKey } from '../keys.js';
import { UserData } from './user-data.js';

/** A post in a course forum: a thread, a response or a comment. */
export const DiscussionThreadData = record(
  'DiscussionThreadData',
  {
    body: string({ doc: 'The text of the post.', pii: 'other' }),
    commentable_id: string({ doc: 'The id of the topic.' }),
    id: string({ doc: 'The id of the post.' }),
    truncated: boolean({ doc: 'Whether the text was cut.' }),
    url: string({ doc: 'Where the post is.' }),
    user: described(UserData, 'Who wrote the post.'),
    course_id: courseKey({ doc: 'The key of the course run.' }),
    thread_type: optional(string(), { doc: 'The kind of thread, e.g. `discussion` or `question`.' }),
    anonymous: optional(boolean(), { doc: 'Whether the author is hidden from everybody.' }),
    anonymous_to_peers: optional(boolean(), { doc: 'Whether the author is hidden from other learners.' }),
    title: optional(string(), { doc: 'The title of the thread.', pii: 'other' }),
    title_truncated: optional(boolean(), { doc: 'Whether the title was cut.' }),
    group_id: optional(long(), { doc: 'The id of the group that alone sees the post.' }),
    team_id: optional(long(), { doc: 'The id of the team whose discussion it is.' }),
    category_id: optional(long(), { doc: 'The id of the category of the topic.' }),
    category_name: optional(string(), { doc: 'The name of the category of the topic.' }),
    discussion: optional(map(string()), {
      doc: 'Facts of the thread that a response or comment belongs to.',
      pii: 'other',
    }),
    user_course_roles: withDefault(list(string()), [], { doc: 'The roles the author has in the course.' }),
    user_forums_roles: withDefault(list(string()), [], { doc: 'The roles the author has in the forum.' }),
    options: withDefault(map(boolean()), {}, { doc: 'Further switches of the post.' }),
  },
  { doc: 'A post in a course forum: a thread, a response or a comment.' },
);
export type DiscussionThreadData = OutputOf<typeof DiscussionThreadData>;
