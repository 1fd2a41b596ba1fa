import { datetime, type OutputOf, record, string } from '@openedx-ts/events-core';

/** One entry of the tracking log. */
export const TrackingLogData = record(
  'TrackingLogData',
  {
    name: string({ doc: 'The name of the tracking event, e.g. `edx.course.enrollment.activated`.' }),
    timestamp: datetime({ doc: 'When it happened.' }),
    data: string({
      doc: 'The details of the event, as JSON text; what is in it depends on the name.',
      pii: 'other',
    }),
    context: string({
      doc: 'Where it happened and who did it (user, session, address and so on), as JSON text.',
      pii: 'other',
    }),
  },
  { doc: 'One entry of the tracking log.' },
);
export type TrackingLogData = OutputOf<typeof TrackingLogData>;
