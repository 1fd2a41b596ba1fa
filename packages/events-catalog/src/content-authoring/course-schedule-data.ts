import { datetime, type OutputOf, optional, record, string } from '@openedx-ts/events-core';

/** The dates and the pacing of a course run. */
export const CourseScheduleData = record(
  'CourseScheduleData',
  {
    start: datetime({ doc: 'When the course run starts.' }),
    pacing: string({ doc: 'Who sets the pace: `instructor` or `self`.' }),
    end: optional(datetime(), { doc: 'When the course run ends.' }),
    enrollment_start: optional(datetime(), { doc: 'When enrollment opens.' }),
    enrollment_end: optional(datetime(), { doc: 'When enrollment closes.' }),
  },
  { doc: 'The dates and the pacing of a course run.' },
);
export type CourseScheduleData = OutputOf<typeof CourseScheduleData>;
