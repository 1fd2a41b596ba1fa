import { type OutputOf, record } from '@openedx-ts/events-core';
import { courseKey } from '../keys.js';

/** The key of a course run and no more; the class of the same name in `learning` holds more. */
export const CourseData = record(
  'CourseData',
  {
    course_key: courseKey({ doc: 'The key of the course run.' }),
  },
  { doc: 'The key of a course run and no more; the class of the same name in `learning` holds more.' },
);
export type CourseData = OutputOf<typeof CourseData>;
