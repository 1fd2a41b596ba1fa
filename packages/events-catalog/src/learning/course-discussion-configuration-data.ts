import { boolean, list, map, type OutputOf, record, string, withDefault } from '@openedx-ts/events-core';
import { courseKey } from '../keys.js';
import { DiscussionTopicContext } from './discussion-topic-context.js';

/** The discussion settings of a course run. */
export const CourseDiscussionConfigurationData = record(
  'CourseDiscussionConfigurationData',
  {
    course_key: courseKey({ doc: 'The key of the course run.' }),
    provider_type: string({ doc: 'The name of the forum provider.' }),
    enabled: withDefault(boolean(), true, { doc: 'Whether the course has discussions.' }),
    enable_in_context: withDefault(boolean(), true, {
      doc: 'Whether topics show up in units; counts only when discussions are enabled.',
    }),
    enable_graded_units: withDefault(boolean(), false, { doc: 'Whether graded units get topics too.' }),
    unit_level_visibility: withDefault(boolean(), false, {
      doc: 'Whether authors decide for each unit if its topic shows.',
    }),
    plugin_configuration: withDefault(
      map(boolean()),
      {},
      { doc: 'Switches that only the provider understands.' },
    ),
    contexts: withDefault(list(DiscussionTopicContext), [], { doc: 'The topics to be made.' }),
  },
  { doc: 'The discussion settings of a course run.' },
);
export type CourseDiscussionConfigurationData = OutputOf<typeof CourseDiscussionConfigurationData>;
