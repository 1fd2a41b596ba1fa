import { long, map, type OutputOf, optional, record, string, withDefault } from '@openedx-ts/events-core';
import { usageKey } from '../keys.js';

/** A topic of a course forum, and the unit it belongs to. */
export const DiscussionTopicContext = record(
  'DiscussionTopicContext',
  {
    title: string({ doc: 'The title of the topic.' }),
    usage_key: optional(usageKey(), {
      doc: 'The key of the unit the topic belongs to; null for a topic of the whole course.',
    }),
    group_id: optional(long(), { doc: 'The id of the cohort or group that alone sees the topic.' }),
    external_id: optional(string(), {
      doc: 'The id of the topic in the forum, there called commentable id.',
    }),
    ordering: optional(long(), { doc: 'The place of the topic among the others.' }),
    context: withDefault(
      map(string()),
      {},
      { doc: 'Further facts, such as the section and subsection of the unit.' },
    ),
  },
  { doc: 'A topic of a course forum, and the unit it belongs to.' },
);
export type DiscussionTopicContext = OutputOf<typeof DiscussionTopicContext>;
