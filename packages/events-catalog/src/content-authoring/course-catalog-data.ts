import { boolean, type OutputOf, record, string, withDefault } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { courseKey } from '../keys.js';
import { CourseScheduleData } from './course-schedule-data.js';

/** What a catalog has to know of a course run. */
export const CourseCatalogData = record(
  'CourseCatalogData',
  {
    course_key: courseKey({ doc: 'The key of the course run.' }),
    name: string({ doc: 'The title of the course.' }),
    schedule_data: described(CourseScheduleData, 'The dates and the pacing of the course run.'),
    hidden: withDefault(boolean(), false, { doc: 'Whether searches leave the course out.' }),
    invitation_only: withDefault(boolean(), false, { doc: 'Whether only invited users may enroll.' }),
  },
  { doc: 'What a catalog has to know of a course run.' },
);
export type CourseCatalogData = OutputOf<typeof CourseCatalogData>;
