import { defineSignal } from '@openedx-ts/events-core';
import { CourseDiscussionConfigurationData } from './course-discussion-configuration-data.js';

/** The discussion settings of a course run changed. */
export const COURSE_DISCUSSIONS_CHANGED = defineSignal({
  eventType: 'org.openedx.learning.discussions.configuration.changed.v1',
  data: { configuration: CourseDiscussionConfigurationData },
  doc: 'The discussion settings of a course run changed.',
  eventKeyField: 'configuration.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '0.8.0',
});
