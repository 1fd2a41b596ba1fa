import { datetime, type OutputOf, optional, record, string, withDefault } from '@openedx-ts/events-core';
import { courseKey } from '../keys.js';

/** A course run as the LMS knows it; the class of the same name in `content-authoring` holds the key only. */
export const CourseData = record(
  'CourseData',
  {
    course_key: courseKey({ doc: 'The key of the course run.' }),
    display_name: withDefault(string(), '', { doc: 'The title of the course; empty when it is not given.' }),
    start: optional(datetime(), { doc: 'When the course run starts.' }),
    end: optional(datetime(), { doc: 'When the course run ends.' }),
  },
  {
    doc: 'A course run as the LMS knows it; the class of the same name in `content-authoring` holds the key only.',
  },
);
export type CourseData = OutputOf<typeof CourseData>;
